// SPDX-License-Identifier: MIT
#include <fid/base/error.hpp>
#include <fid/base/os.hpp>
#include <fid/net/socket_addr.hpp>
#include <fid/net/socket_options.hpp>

#include <gtest/gtest.h>

#include <cerrno>

namespace fid {
namespace {

using namespace std::chrono_literals;
using os::Family;
using os::SocketType;

Handle tcp(Family family = Family::inet4) {
  return os::socket(family, SocketType::stream).value();
}
Handle udp(Family family = Family::inet4) {
  return os::socket(family, SocketType::datagram).value();
}

template <class T, class Value>
void expect_kept(const Handle& socket, const sockopt::SocketOption<T>& option, Value value) {
  const Result<void> done = sockopt::set(socket.get(), option, value);
  ASSERT_TRUE(done) << describe(done.error());
  EXPECT_EQ(sockopt::get(socket.get(), option), T(value)) << option.call_name;
}

void expect_switch(const Handle& socket, const sockopt::SocketOption<bool>& option) {
  expect_kept(socket, option, true);
  expect_kept(socket, option, false);
}

TEST(SocketOptions, SwitchesGoOnAndOff) {
  const Handle socket = tcp();
  expect_switch(socket, sockopt::nodelay);
  expect_switch(socket, sockopt::keepalive);
  expect_switch(socket, sockopt::reuseaddr);
  expect_switch(socket, sockopt::reuseport);
  expect_switch(socket, sockopt::quickack);
  expect_switch(socket, sockopt::fastopen_connect);
  expect_switch(tcp(Family::inet6), sockopt::v6only);
  expect_switch(udp(), sockopt::broadcast);
  expect_switch(udp(), sockopt::multicast_loop_v4);
  expect_switch(udp(Family::inet6), sockopt::multicast_loop_v6);
}

TEST(SocketOptions, NumbersAndTimesAreKept) {
  const Handle socket = tcp();
  expect_kept(socket, sockopt::ttl, 42u);
  expect_kept(socket, sockopt::tos_v4, 0xb8u);
  expect_kept(tcp(Family::inet6), sockopt::tclass_v6, 0xb8u);
  expect_kept(udp(), sockopt::multicast_ttl_v4, 3u);
  expect_kept(socket, sockopt::keepalive_idle, 60s);
  expect_kept(socket, sockopt::keepalive_interval, 10s);
  expect_kept(socket, sockopt::keepalive_count, 6u);
  expect_kept(socket, sockopt::user_timeout, 120500ms);
  expect_kept(socket, sockopt::incoming_cpu, 0);
  expect_kept(socket, sockopt::fastopen, 16u);
}

TEST(SocketOptions, DefaultsAreTheSystems) {
  EXPECT_EQ(sockopt::get(tcp().get(), sockopt::nodelay), false);
  EXPECT_EQ(sockopt::get(udp().get(), sockopt::broadcast), false);
  EXPECT_EQ(sockopt::get(udp().get(), sockopt::multicast_loop_v4), true);
  EXPECT_EQ(sockopt::get(udp().get(), sockopt::multicast_ttl_v4), 1u);
  EXPECT_EQ(sockopt::get(tcp().get(), sockopt::linger).value(), std::nullopt);
  EXPECT_EQ(sockopt::get(tcp().get(), sockopt::device), "");
}

TEST(SocketOptions, BufferSizesAreTakenWithinTheSystemsBounds) {
  const Handle socket = tcp();
  for (const auto& option : {sockopt::send_buffer_size, sockopt::recv_buffer_size}) {
    ASSERT_TRUE(sockopt::set(socket.get(), option, 16384));
    EXPECT_GE(sockopt::get(socket.get(), option).value(), 16384u);
    ASSERT_TRUE(sockopt::set(socket.get(), option, 0xffffffffu));
    EXPECT_GT(sockopt::get(socket.get(), option).value(), 16384u * 2);
  }
}

TEST(SocketOptions, LingerRoundsUpSoThatNoWaitBecomesAReset) {
  const Handle socket = tcp();
  const auto after_setting = [&](sockopt::Linger value) {
    EXPECT_TRUE(sockopt::set(socket.get(), sockopt::linger, value));
    return sockopt::get(socket.get(), sockopt::linger).value();
  };
  EXPECT_EQ(after_setting(1ms), 1s);
  EXPECT_EQ(after_setting(2500ms), 3s);
  EXPECT_EQ(after_setting(3s), 3s);
  EXPECT_EQ(after_setting(0s), 0s);
  EXPECT_EQ(after_setting(std::nullopt), std::nullopt);
}

TEST(SocketOptions, TimesBelowZeroAreRefused) {
  const Handle socket = tcp();
  EXPECT_EQ(sockopt::set(socket.get(), sockopt::linger, -1ms).error().code,
            std::errc::invalid_argument);
  EXPECT_EQ(sockopt::set(socket.get(), sockopt::keepalive_idle, -1s).error().code,
            std::errc::invalid_argument);
  EXPECT_EQ(sockopt::set(socket.get(), sockopt::user_timeout, -1ms).error().code,
            std::errc::invalid_argument);
}

TEST(SocketOptions, ZeroLingerResetsTheConnection) {
  const Handle listener = tcp();
  const SocketAddr any_port(IpAddr(Ipv4Addr::loopback()), 0);
  ASSERT_TRUE(os::bind(listener.get(), any_port.to_raw()));
  ASSERT_TRUE(os::listen(listener.get(), 1));
  const Handle client = tcp();
  ASSERT_TRUE(os::set_nonblocking(client.get(), false));
  ASSERT_TRUE(os::connect(client.get(), os::local_name(listener.get()).value()));
  os::RawAddr peer;
  ASSERT_TRUE(os::set_nonblocking(listener.get(), false));
  Handle served = os::accept(listener.get(), peer).value();
  ASSERT_TRUE(sockopt::set(served.get(), sockopt::linger, 0s));
  served = Handle();

  std::byte byte{};
  EXPECT_EQ(os::read(client.get(), MutableBytes(&byte, 1)).error().code,
            std::errc::connection_reset);
}

TEST(SocketOptions, NamesAreTextWithoutTheirTerminator) {
  const Handle socket = tcp();
  const std::string name = sockopt::get(socket.get(), sockopt::congestion).value();
  EXPECT_FALSE(name.empty());
  EXPECT_EQ(name.find('\0'), std::string::npos);
  expect_kept(socket, sockopt::congestion, "reno");
  EXPECT_EQ(sockopt::set(socket.get(), sockopt::congestion, "none-such").error(),
            system_error(ENOENT, "TCP_CONGESTION"));
}

TEST(SocketOptions, ASocketIsBoundToAnInterfaceAndSetFree) {
  const Handle socket = tcp();
  const Result<void> bound = sockopt::set(socket.get(), sockopt::device, "lo");
  if (!bound && bound.error().code == std::errc::operation_not_permitted) {
    GTEST_SKIP() << "this system lets only root bind to an interface";
  }
  ASSERT_TRUE(bound);
  EXPECT_EQ(sockopt::get(socket.get(), sockopt::device), "lo");
  expect_kept(socket, sockopt::device, "");
  EXPECT_EQ(sockopt::set(socket.get(), sockopt::device, "none-such").error(),
            system_error(ENODEV, "SO_BINDTODEVICE"));
}

TEST(SocketOptions, ANameThatTheKernelWouldCutIsRefused) {
  const Handle socket = tcp();
  for (const std::string& name : {std::string(16, 'x'), std::string("lo\0x", 4)}) {
    EXPECT_EQ(sockopt::set(socket.get(), sockopt::device, name).error(),
              system_error(EINVAL, "SO_BINDTODEVICE"));
  }
}

TEST(SocketOptions, GroupsAreJoinedOnceAndLeft) {
  const Handle v4 = udp();
  const sockopt::MembershipV4 group{Ipv4Addr(239, 1, 2, 3), Ipv4Addr::loopback()};
  ASSERT_TRUE(sockopt::set(v4.get(), sockopt::join_multicast_v4, group));
  EXPECT_EQ(sockopt::set(v4.get(), sockopt::join_multicast_v4, group).error().code,
            std::errc::address_in_use);
  EXPECT_TRUE(sockopt::set(v4.get(), sockopt::leave_multicast_v4, group));
  EXPECT_EQ(sockopt::set(v4.get(), sockopt::leave_multicast_v4, group).error(),
            system_error(EADDRNOTAVAIL, "IP_DROP_MEMBERSHIP"));

  const Handle v6 = udp(Family::inet6);
  const sockopt::MembershipV6 group6{Ipv6Addr::parse("ff01::1234").value(), 1};
  ASSERT_TRUE(sockopt::set(v6.get(), sockopt::join_multicast_v6, group6));
  EXPECT_TRUE(sockopt::set(v6.get(), sockopt::leave_multicast_v6, group6));
  EXPECT_EQ(sockopt::set(v6.get(), sockopt::leave_multicast_v6, group6).error(),
            system_error(EADDRNOTAVAIL, "IPV6_LEAVE_GROUP"));
}

TEST(SocketOptions, ErrorsNameTheOption) {
  EXPECT_EQ(sockopt::get(tcp().get(), sockopt::tclass_v6).error().operation, "IPV6_TCLASS");
  EXPECT_EQ(sockopt::set(tcp().get(), sockopt::ttl, 0xffffffffu).error(),
            system_error(EINVAL, "IP_TTL"));
  EXPECT_EQ(sockopt::get(invalid_native, sockopt::linger).error(),
            system_error(EBADF, "SO_LINGER"));
}

}  // namespace
}  // namespace fid
