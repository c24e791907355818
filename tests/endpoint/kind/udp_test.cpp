// SPDX-License-Identifier: MIT
#include "endpoint/open_text.hpp"

#include <fid/base/os.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace fid::endpoint {
namespace {

using namespace test;
using testing::StartsWith;

Task<void> send(const ConnectionPtr& to, std::string text) {
  co_await SendOp(*to->messages, as_bytes(text));
}

/// The message in brackets.
Task<std::string> receive(const ConnectionPtr& from) {
  Buffer room(longest_message);
  const Received received = co_await ReceiveOp(*from->messages, room);
  EXPECT_FALSE(received.end);
  co_return '<' + std::string(as_text(Bytes(room).first(received.size))) + '>';
}

std::string port_of(const std::string& url) {
  return url.substr(url.rfind(':'));
}

bool there_is_ipv6() {
  const auto socket = os::socket(os::Family::inet6, os::SocketType::datagram);
  return socket && os::bind(socket->get(), SocketAddr(Ipv6Addr::loopback(), 0).to_raw());
}

TEST(UdpKind, KeepsBoundariesAndAnswersWhoeverWroteLast) {
  run_test([]() -> Task<void> {
    const ListenerPtr listener = co_await listen_text("udp://127.0.0.1:0");
    const std::string url = listener->urls().at(0);
    EXPECT_NE(url, "udp://127.0.0.1:0");
    EXPECT_EQ(listener->mode(), std::nullopt);
    const ConnectionPtr a = co_await open_text(url);
    const ConnectionPtr b = co_await open_text(url + ",bind=127.0.0.2");
    EXPECT_FALSE(a->tells_end);
    EXPECT_EQ(a->peer.url("udp"), url);
    EXPECT_THAT(a->local.url("udp"), StartsWith("udp://127.0.0.1:"));
    EXPECT_THAT(b->local.url("udp"), StartsWith("udp://127.0.0.2:"));
    co_await send(a, "from a");
    const ConnectionPtr server = co_await listener->accept();
    EXPECT_FALSE(server->tells_end);
    EXPECT_EQ(server->local.url("udp"), url);
    EXPECT_EQ(co_await receive(server), "<from a>");
    co_await send(server, "to a");
    co_await send(b, "");
    EXPECT_EQ(co_await receive(server), "<>");
    co_await send(server, "to b");
    EXPECT_EQ(co_await receive(a), "<to a>");
    EXPECT_EQ(co_await receive(b), "<to b>");
  });
}

TEST(UdpKind, CarriesTheLongestDatagram) {
  run_test([]() -> Task<void> {
    const ListenerPtr listener = co_await listen_text("udp://:0");
    const ConnectionPtr client = co_await open_text(listener->urls().at(0));
    const std::string longest(longest_piece, 'x');
    co_await send(client, longest);
    const ConnectionPtr server = co_await listener->accept();
    EXPECT_EQ(co_await receive(server), '<' + longest + '>');
    EXPECT_EQ(code_of(co_await as_result(send(client, longest + "x"))), std::errc::message_size);
  });
}

TEST(UdpKind, ListensOnLoopbackUnlessAskedOtherwise) {
  run_test([]() -> Task<void> {
    const ListenerPtr plain = co_await listen_text("udp://:0");
    EXPECT_THAT(plain->urls().at(0), StartsWith("udp://127.0.0.1:"));
    const ListenerPtr all_ipv4 = co_await listen_text("udp4://*:0");
    EXPECT_THAT(all_ipv4->urls().at(0), StartsWith("udp4://0.0.0.0:"));
    const auto second = co_await as_result(listen_text(plain->urls().at(0)));
    EXPECT_EQ(code_of(second), std::errc::address_in_use);
  });
}

TEST(UdpKind, StarTakesBothFamilies) {
  if (!there_is_ipv6()) GTEST_SKIP() << "no IPv6 here";
  run_test([]() -> Task<void> {
    const ListenerPtr listener = co_await listen_text("udp://*:0");
    const std::string port = port_of(listener->urls().at(0));
    const ConnectionPtr four = co_await open_text("udp4://127.0.0.1" + port);
    const ConnectionPtr six = co_await open_text("udp6://[::1]" + port);
    co_await send(four, "4");
    const ConnectionPtr server = co_await listener->accept();
    EXPECT_EQ(co_await receive(server), "<4>");
    co_await send(server, "to 4");
    EXPECT_EQ(co_await receive(four), "<to 4>");
    co_await send(six, "6");
    EXPECT_EQ(co_await receive(server), "<6>");
    co_await send(server, "to 6");
    EXPECT_EQ(co_await receive(six), "<to 6>");
    const ListenerPtr only_six = co_await listen_text("udp://*:0,ipv6only");
    // An address that nobody else uses, so that only the socket of both families would have it.
    const std::string four_too = "udp4://127.8.7.6" + port_of(only_six->urls().at(0));
    const ListenerPtr other = co_await listen_text(four_too);
    EXPECT_EQ(other->urls().at(0), four_too);
    const std::string taken = "udp4://127.8.7.6" + port;
    EXPECT_EQ(code_of(co_await as_result(listen_text(taken))), std::errc::address_in_use);
  });
}

TEST(UdpKind, SaysThatNobodyIsThere) {
  run_test([]() -> Task<void> {
    // Hears nobody but itself, and keeps the port from others.
    const Handle deaf = co_await os::socket(os::Family::inet4, os::SocketType::datagram);
    co_await os::bind(deaf.get(), SocketAddr(Ipv4Addr::loopback(), 0).to_raw());
    const os::RawAddr where = co_await os::local_name(deaf.get());
    co_await os::connect(deaf.get(), where);
    const std::string url = "udp://" + SocketAddr::from_raw(where)->to_string();
    const ConnectionPtr client = co_await open_text(url);
    co_await send(client, "x");
    EXPECT_EQ(code_of(co_await as_result(receive(client))), std::errc::connection_refused);
  });
}

TEST(UdpKind, SendsToABroadcastAddressOnlyWhenAllowed) {
  run_test([]() -> Task<void> {
    const auto refused = co_await as_result(open_text("udp://127.255.255.255:9"));
    EXPECT_EQ(code_of(refused), std::errc::permission_denied);
    const ConnectionPtr allowed = co_await open_text("udp://127.255.255.255:9,broadcast");
    co_await send(allowed, "x");
  });
}

TEST(UdpKind, ASourceOfTheOtherFamilyIsRefused) {
  run_test([]() -> Task<void> {
    const auto wrong = co_await as_result(open_text("udp://127.0.0.1:9,bind=::1"));
    EXPECT_TRUE(code_of(wrong) == std::errc::address_family_not_supported);
    const auto none = co_await as_result(open_text("udp6://[::1]:9,bind=127.0.0.1"));
    EXPECT_FALSE(none);
  });
}

}  // namespace
}  // namespace fid::endpoint
