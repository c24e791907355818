// SPDX-License-Identifier: MIT
#include "endpoint/open_text.hpp"

#include <fid/net/tcp_socket.hpp>
#include <fid/task/race.hpp>

#include <gmock/gmock.h>

#include <system_error>
#include <tuple>

namespace fid::endpoint {
namespace {

using namespace test;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Pair {
  Pair(ConnectionPtr connected, ConnectionPtr accepted)
      : near(std::move(connected)), far(std::move(accepted)) {}
  ConnectionPtr near;
  ConnectionPtr far;
};

/// A connection to the first URL of `listener`, with these options, and what that accepted.
Task<Pair> pair_through(Listener& listener, std::string options = "") {
  auto ends = co_await all(open_text(listener.urls().at(0) + options), accept_from(listener));
  co_return Pair(std::move(std::get<0>(ends)), std::move(std::get<1>(ends)));
}

bool there_is_ipv6() {
  auto socket = TcpSocket::new_v6();
  return socket && socket->bind(SocketAddr(Ipv6Addr::loopback(), 0));
}

TEST(TcpKind, PassesBytesAndEndsBothWays) {
  run_test([]() -> Task<void> {
    const ListenerPtr listener = co_await listen_text("tcp://127.0.0.1:0");
    Pair pair = co_await pair_through(*listener);
    co_await write_text(*pair.near->stream, "request");
    co_await pair.near->stream->shutdown();
    EXPECT_EQ(co_await read_all_text(*pair.far->stream), "request");
    co_await write_text(*pair.far->stream, "answer");
    co_await pair.far->stream->shutdown();
    EXPECT_EQ(co_await read_all_text(*pair.near->stream), "answer");
  });
}

TEST(TcpKind, TellsTheRealPortAndTheNamesOfBothEnds) {
  run_test([]() -> Task<void> {
    const ListenerPtr listener = co_await listen_text("tcp://127.0.0.1:0");
    const std::string url = listener->urls().at(0);
    EXPECT_THAT(url, StartsWith("tcp://127.0.0.1:"));
    EXPECT_NE(url, "tcp://127.0.0.1:0");
    const Pair pair = co_await pair_through(*listener);
    EXPECT_EQ(pair.near->peer.url("tcp"), url);
    EXPECT_EQ(pair.far->local.url("tcp"), url);
    EXPECT_EQ(pair.far->peer.url("tcp"), pair.near->local.url("tcp"));
    EXPECT_TRUE(pair.near->tells_end);
  });
}

TEST(TcpKind, ListensOnLoopbackUnlessAskedOtherwise) {
  run_test([]() -> Task<void> {
    const ListenerPtr plain = co_await listen_text("tcp://:0");
    EXPECT_THAT(plain->urls().at(0), StartsWith("tcp://127.0.0.1:"));
    const ListenerPtr ipv4 = co_await listen_text("tcp4://:0");
    EXPECT_THAT(ipv4->urls().at(0), StartsWith("tcp4://127.0.0.1:"));
    const ListenerPtr all_ipv4 = co_await listen_text("tcp4://*:0");
    EXPECT_THAT(all_ipv4->urls().at(0), StartsWith("tcp4://0.0.0.0:"));
  });
}

TEST(TcpKind, StarTakesBothFamiliesAndNamesIpv4PeersAsSuch) {
  if (!there_is_ipv6()) GTEST_SKIP() << "no IPv6 here";
  run_test([]() -> Task<void> {
    const ListenerPtr listener = co_await listen_text("tcp://*:0");
    const std::string url = listener->urls().at(0);
    EXPECT_THAT(url, StartsWith("tcp://[::]:"));
    const std::string port = url.substr(url.rfind(':'));
    auto ends = co_await all(open_text("tcp://127.0.0.1" + port), accept_from(*listener));
    const ConnectionPtr& accepted = std::get<1>(ends);
    EXPECT_THAT(accepted->peer.url("tcp"), StartsWith("tcp://127.0.0.1:"));
    EXPECT_EQ(accepted->local.url("tcp"), "tcp://127.0.0.1" + port);
    auto others = co_await all(open_text("tcp://[::1]" + port), accept_from(*listener));
    EXPECT_THAT(std::get<1>(others)->peer.url("tcp"), StartsWith("tcp://[::1]:"));
  });
}

TEST(TcpKind, Ipv6OnlyLeavesTheIpv4PortToOthers) {
  if (!there_is_ipv6()) GTEST_SKIP() << "no IPv6 here";
  run_test([]() -> Task<void> {
    for (const char* text : {"tcp://*:0,ipv6only", "tcp6://*:0"}) {
      const ListenerPtr listener = co_await listen_text(text);
      const std::string url = listener->urls().at(0);
      const std::string port = url.substr(url.rfind(':'));
      const auto connected = co_await as_result(open_text("tcp://127.0.0.1" + port));
      EXPECT_FALSE(connected) << text;
      const ListenerPtr other = co_await listen_text("tcp4://*" + port);
      EXPECT_EQ(other->urls().at(0), "tcp4://0.0.0.0" + port);
    }
  });
}

TEST(TcpKind, ASecondListenerOnThePortFailsUnlessBothShareIt) {
  run_test([]() -> Task<void> {
    const ListenerPtr first = co_await listen_text("tcp://127.0.0.1:0");
    const auto second = co_await as_result(listen_text(first->urls().at(0)));
    EXPECT_EQ(code_of(second), std::errc::address_in_use);

    const ListenerPtr sharing = co_await listen_text("tcp://127.0.0.1:0,reuseport");
    const ListenerPtr shared = co_await listen_text(sharing->urls().at(0) + ",reuseport");
    EXPECT_EQ(shared->urls(), sharing->urls());
  });
}

TEST(TcpKind, NobodyThereIsRefused) {
  run_test([]() -> Task<void> {
    ListenerPtr listener = co_await listen_text("tcp://127.0.0.1:0");
    const std::string url = listener->urls().at(0);
    listener.reset();
    const auto connected = co_await as_result(open_text(url));
    EXPECT_EQ(code_of(connected), std::errc::connection_refused);
  });
}

TEST(TcpKind, AnUnknownNameKeepsTheResolversError) {
  run_test([]() -> Task<void> {
    const auto connected = co_await as_result(open_text("tcp://no-such-host.invalid:80"));
    EXPECT_EQ(&code_of(connected).category(), &resolver_category());
    const auto listener = co_await as_result(listen_text("tcp://no-such-host.invalid:0"));
    EXPECT_EQ(&code_of(listener).category(), &resolver_category());
  });
}

TEST(TcpKind, LocalhostConnectsToAListenerOnOneOfItsAddresses) {
  run_test([]() -> Task<void> {
    const ListenerPtr listener = co_await listen_text("tcp://127.0.0.1:0");
    const std::string url = listener->urls().at(0);
    auto ends = co_await all(open_text("tcp://localhost" + url.substr(url.rfind(':'))),
                             accept_from(*listener));
    EXPECT_EQ(std::get<0>(ends)->peer.url("tcp"), url);
  });
}

TEST(TcpKind, ConnectsFromTheAddressItIsBoundTo) {
  run_test([]() -> Task<void> {
    const ListenerPtr listener = co_await listen_text("tcp://127.0.0.1:0");
    const Pair pair = co_await pair_through(*listener, ",bind=127.0.0.2");
    EXPECT_THAT(pair.far->peer.url("tcp"), StartsWith("tcp://127.0.0.2:"));

    ListenerPtr other = co_await listen_text("tcp://127.0.0.3:0");
    const std::string source = other->urls().at(0).substr(6);
    other.reset();
    const Pair from_port = co_await pair_through(*listener, ",bind=" + source);
    EXPECT_EQ(from_port.far->peer.url("tcp"), "tcp://" + source);
  });
}

TEST(TcpKind, BindingToTheOtherFamilyIsAnErrorThatSaysSo) {
  run_test([]() -> Task<void> {
    const ListenerPtr listener = co_await listen_text("tcp://127.0.0.1:0");
    const auto connected = co_await as_result(open_text(listener->urls().at(0) + ",bind=[::1]"));
    EXPECT_FALSE(connected);
    if (!connected) {
      EXPECT_EQ(connected.error().code, std::errc::address_family_not_supported);
      EXPECT_EQ(connected.error().operation, "bind");
    }
  });
}

TEST(TcpKind, SetsItsOptionsOnWhatConnectsAndOnWhatIsAccepted) {
  run_test([]() -> Task<void> {
    const ListenerPtr plain = co_await listen_text("tcp://127.0.0.1:0");
    const Pair pair = co_await pair_through(*plain);
    for (const Connection* end : {pair.near.get(), pair.far.get()}) {
      const Native socket = *end->stream->read_handle();
      EXPECT_EQ(sockopt::get(socket, sockopt::nodelay), true);
      EXPECT_EQ(sockopt::get(socket, sockopt::keepalive), true);
      EXPECT_EQ(sockopt::get(socket, sockopt::keepalive_idle), std::chrono::seconds(60));
      EXPECT_EQ(sockopt::get(socket, sockopt::user_timeout), std::chrono::milliseconds(120'000));
    }
    const ListenerPtr odd =
        co_await listen_text("tcp://127.0.0.1:0,nodelay=no,keepalive=no,rcvbuf=64KiB,sndbuf=32KiB");
    const Pair without =
        co_await pair_through(*odd, ",nodelay=no,keepalive=no,rcvbuf=64KiB,sndbuf=32KiB");
    for (const Connection* end : {without.near.get(), without.far.get()}) {
      const Native socket = *end->stream->read_handle();
      EXPECT_EQ(sockopt::get(socket, sockopt::nodelay), false);
      EXPECT_EQ(sockopt::get(socket, sockopt::keepalive), false);
      EXPECT_EQ(sockopt::get(socket, sockopt::recv_buffer_size), 2U * 64 * 1024);
      EXPECT_EQ(sockopt::get(socket, sockopt::send_buffer_size), 2U * 32 * 1024);
    }
  });
}

TEST(TcpKind, AnyThreadMayAdoptWhatItAccepts) {
  run_test([]() -> Task<void> {
    const ListenerPtr listener = co_await listen_text("tcp://*:0");
    EXPECT_TRUE(listener->for_any_thread());
    const std::string port = listener->urls().at(0).substr(std::string("tcp://[::]:").size());
    auto [near, far] = co_await all(open_text("tcp4://127.0.0.1:" + port), listener->accept());
    EXPECT_EQ(far->stream, nullptr);
    EXPECT_TRUE(far->loose);
    EXPECT_EQ(far->peer.url("tcp4"), near->local.url("tcp4"));
    EXPECT_EQ(far->local.url("tcp4"), near->peer.url("tcp4"));
    co_await write_text(*near->stream, "early");
    co_await near->stream->shutdown();
    co_await far->adopt();
    EXPECT_FALSE(far->loose);
    EXPECT_EQ(co_await read_all_text(*far->stream), "early");
  });
}

}  // namespace
}  // namespace fid::endpoint
