// SPDX-License-Identifier: MIT
#include "support/code_of.hpp"
#include "support/run_test.hpp"
#include "support/udp_pair.hpp"

#include <fid/net/udp_socket.hpp>

#include <gtest/gtest.h>

#include <net/if.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

namespace fid {
namespace {

using test::code_of;
using test::receive_text;
using test::run_test;

// Of organisations' own groups; heard on loopback only, by whoever joins it there.
const Ipv4Addr group_v4(239, 255, 43, 21);
const Ipv4Addr loopback_v4 = Ipv4Addr::loopback();
// Of one interface only; another run of these tests uses another.
const auto process = static_cast<std::uint32_t>(::getpid());
const Ipv6Addr group_v6(Ipv6Addr::Segments{0xff01, 0, 0, 0, 0, 0xf1d,
                                           static_cast<std::uint16_t>(process >> 16),
                                           static_cast<std::uint16_t>(process)});

std::uint32_t loopback_index() {
  return ::if_nametoindex("lo");
}

Task<UdpSocket> any_v4() {
  return UdpSocket::bind(SocketAddr(Ipv4Addr::unspecified(), 0));
}
Task<UdpSocket> any_v6() {
  return UdpSocket::bind(SocketAddr(Ipv6Addr::unspecified(), 0));
}

TEST(MulticastOptions, AGroupIsHeardWhileItIsJoinedV4) {
  run_test([]() -> Task<void> {
    UdpSocket receiver = co_await any_v4();
    UdpSocket sender = co_await any_v4();
    EXPECT_TRUE(sender.set_multicast_interface_v4(loopback_v4));
    const std::uint16_t port = receiver.local_addr()->port();
    const SocketAddr group(group_v4, port);
    const SocketAddr receiver_alone(loopback_v4, port);
    EXPECT_TRUE(receiver.join_multicast_v4(group_v4, loopback_v4));
    EXPECT_EQ(code_of(receiver.join_multicast_v4(group_v4, loopback_v4)),
              std::errc::address_in_use);
    co_await sender.send_to(as_bytes("to all"), group);
    EXPECT_EQ(co_await receive_text(receiver), "to all");
    EXPECT_TRUE(receiver.leave_multicast_v4(group_v4, loopback_v4));
    EXPECT_EQ(code_of(receiver.leave_multicast_v4(group_v4, loopback_v4)),
              std::errc::address_not_available);
    co_await sender.send_to(as_bytes("to nobody"), group);
    co_await sender.send_to(as_bytes("to one"), receiver_alone);
    EXPECT_EQ(co_await receive_text(receiver), "to one");
  });
}

/// Whether the system says that somebody here hears the IPv6 group. Asked instead of sending to it,
/// since on loopback there may be no route to groups.
bool is_joined_v6() {
  std::ifstream list("/proc/net/igmp6");
  const std::string text((std::istreambuf_iterator<char>(list)), {});
  std::array<char, 64> group{};
  std::snprintf(group.data(), group.size(), "ff0100000000000000000f1d%08x", process);
  return text.find(group.data()) != std::string::npos;
}

TEST(MulticastOptions, AGroupIsHeardWhileItIsJoinedV6) {
  run_test([]() -> Task<void> {
    UdpSocket receiver = co_await any_v6();
    EXPECT_FALSE(is_joined_v6());
    EXPECT_TRUE(receiver.join_multicast_v6(group_v6, loopback_index()));
    EXPECT_TRUE(is_joined_v6());
    EXPECT_EQ(code_of(receiver.join_multicast_v6(group_v6, loopback_index())),
              std::errc::address_in_use);
    EXPECT_TRUE(receiver.leave_multicast_v6(group_v6, loopback_index()));
    EXPECT_FALSE(is_joined_v6());
    EXPECT_EQ(code_of(receiver.leave_multicast_v6(group_v6, loopback_index())),
              std::errc::address_not_available);
  });
}

TEST(MulticastOptions, AnAddressThatIsNoGroupIsRefused) {
  run_test([]() -> Task<void> {
    UdpSocket four = co_await any_v4();
    UdpSocket six = co_await any_v6();
    EXPECT_EQ(code_of(four.join_multicast_v4(loopback_v4, loopback_v4)),
              std::errc::invalid_argument);
    EXPECT_EQ(code_of(six.join_multicast_v6(Ipv6Addr::loopback(), loopback_index())),
              std::errc::invalid_argument);
    EXPECT_EQ(code_of(six.join_multicast_v6(group_v6, 0x7fffffff)), std::errc::no_such_device);
  });
}

TEST(MulticastOptions, AreKept) {
  run_test([]() -> Task<void> {
    UdpSocket four = co_await any_v4();
    UdpSocket six = co_await any_v6();
    EXPECT_EQ(four.multicast_loop_v4(), true);
    EXPECT_TRUE(four.set_multicast_loop_v4(false));
    EXPECT_EQ(four.multicast_loop_v4(), false);
    EXPECT_EQ(six.multicast_loop_v6(), true);
    EXPECT_TRUE(six.set_multicast_loop_v6(false));
    EXPECT_EQ(six.multicast_loop_v6(), false);
    EXPECT_EQ(four.multicast_ttl_v4(), 1U);
    EXPECT_TRUE(four.set_multicast_ttl_v4(5));
    EXPECT_EQ(four.multicast_ttl_v4(), 5U);
    EXPECT_EQ(six.multicast_hops_v6(), 1U);
    EXPECT_TRUE(six.set_multicast_hops_v6(6));
    EXPECT_EQ(six.multicast_hops_v6(), 6U);
    EXPECT_EQ(four.multicast_interface_v4(), Ipv4Addr::unspecified());
    EXPECT_TRUE(four.set_multicast_interface_v4(loopback_v4));
    EXPECT_EQ(four.multicast_interface_v4(), loopback_v4);
    EXPECT_EQ(six.multicast_interface_v6(), 0U);
    EXPECT_TRUE(six.set_multicast_interface_v6(loopback_index()));
    EXPECT_EQ(six.multicast_interface_v6(), loopback_index());
  });
}

}  // namespace
}  // namespace fid
