// SPDX-License-Identifier: MIT
#include "support/code_of.hpp"
#include "support/run_test.hpp"
#include "support/turns.hpp"
#include "support/udp_pair.hpp"

#include <fid/base/error.hpp>
#include <fid/base/os.hpp>
#include <fid/net/udp_socket.hpp>
#include <fid/reactor/reactor.hpp>
#include <fid/task/race.hpp>
#include <fid/task/task_group.hpp>

#include <gtest/gtest.h>

#include <sys/socket.h>

#include <array>
#include <string>
#include <vector>

namespace fid {
namespace {

using test::code_of;
using test::receive_text;
using test::run_test;
using test::udp_pair;
using test::UdpPair;
using test::unreachable_port;

const SocketAddr any_port(Ipv4Addr::loopback(), 0);

/// Waits until a try can succeed, as G7 has it for a new socket.
Task<void> until_readable(UdpSocket& socket) {
  while (!socket.read_readiness().has(Interest::readable)) co_await socket.readable();
}

TEST(UdpSocket, KeepsTheBoundariesOfDatagrams) {
  run_test([]() -> Task<void> {
    UdpPair pair = co_await udp_pair();
    EXPECT_EQ(co_await pair.near.send(as_bytes("one")), 3U);
    EXPECT_EQ(co_await pair.near.send(as_bytes("")), 0U);
    EXPECT_EQ(co_await pair.near.send(as_bytes("three")), 5U);
    EXPECT_EQ(co_await receive_text(pair.far), "one");
    EXPECT_EQ(co_await receive_text(pair.far), "");
    EXPECT_EQ(co_await receive_text(pair.far), "three");
  });
}

TEST(UdpSocket, WorksOverIpv6) {
  run_test([]() -> Task<void> {
    UdpPair pair = co_await udp_pair(Ipv6Addr::loopback());
    co_await pair.near.send(as_bytes("six"));
    EXPECT_EQ(co_await receive_text(pair.far), "six");
    EXPECT_TRUE(pair.near.local_addr()->is_ipv6());
  });
}

TEST(UdpSocket, TellsTheSenderSoThatItCanBeAnswered) {
  run_test([]() -> Task<void> {
    UdpSocket server = co_await UdpSocket::bind(any_port);
    UdpSocket client = co_await UdpSocket::bind("127.0.0.1:0");
    const SocketAddr where = co_await server.local_addr();
    EXPECT_EQ(co_await client.send_to(as_bytes("ping"), where), 4U);
    std::array<std::byte, 8> bytes;
    const auto [n, sender] = co_await server.recv_from(bytes);
    EXPECT_EQ(n, 4U);
    EXPECT_EQ(sender, client.local_addr().value());
    EXPECT_EQ(co_await server.send_to(as_bytes("pong"), sender), 4U);
    EXPECT_EQ(co_await receive_text(client), "pong");
  });
}

TEST(UdpSocket, TellsThatADatagramWasCut) {
  run_test([]() -> Task<void> {
    UdpPair pair = co_await udp_pair();
    std::array<std::byte, 4> room;
    for (int i = 0; i < 4; ++i) co_await pair.near.send(as_bytes("longer"));
    co_await pair.near.send(as_bytes("fits"));
    EXPECT_EQ(co_await pair.far.recv(room), 4U);
    EXPECT_EQ(co_await pair.far.recv_arrival(room), (Arrival{4, true}));
    EXPECT_EQ(as_text(room), "long");
    const auto [from, sender] = co_await pair.far.recv_arrival_from(room);
    EXPECT_EQ(from, (Arrival{4, true}));
    EXPECT_EQ(sender, pair.near.local_addr().value());
    co_await until_readable(pair.far);
    EXPECT_EQ(pair.far.try_recv_arrival(room), (Arrival{4, true}));
    EXPECT_EQ(pair.far.try_recv_arrival_from(room).value().first, (Arrival{4, false}));
    EXPECT_TRUE(pair.far.try_recv_arrival(room).error().would_block());
    EXPECT_TRUE(pair.far.try_recv_arrival_from(room).error().would_block());
  });
}

TEST(UdpSocket, BindsTheFirstAddressThatWorksAndSharesNoPort) {
  run_test([]() -> Task<void> {
    const UdpSocket first = co_await UdpSocket::bind(any_port);
    const SocketAddr taken = co_await first.local_addr();
    EXPECT_NE(taken.port(), 0);
    const std::array both{taken, any_port};
    const UdpSocket second = co_await UdpSocket::bind(both);
    EXPECT_NE(second.local_addr().value(), taken);
    EXPECT_EQ(code_of(co_await as_result(UdpSocket::bind(taken))), std::errc::address_in_use);
    const SocketAddr not_ours(Ipv4Addr(192, 0, 2, 1), 0);
    const std::array neither{not_ours, taken};
    EXPECT_EQ(code_of(co_await as_result(UdpSocket::bind(neither))), std::errc::address_in_use)
        << "the last of the errors";
    const std::vector<SocketAddr> nowhere;
    EXPECT_EQ(code_of(co_await as_result(UdpSocket::bind(nowhere))), Errc::no_address);
  });
}

TEST(UdpSocket, ConnectingGivesTheLastError) {
  run_test([]() -> Task<void> {
    UdpSocket socket = co_await UdpSocket::bind(any_port);
    // Beyond what a socket bound to the loopback interface reaches; of a family that it is not.
    const std::array neither{SocketAddr(Ipv4Addr(192, 0, 2, 1), 9),
                             SocketAddr(Ipv6Addr::loopback(), 9)};
    EXPECT_EQ(code_of(co_await as_result(socket.connect(neither))),
              std::errc::address_family_not_supported);
  });
}

TEST(UdpSocket, FixesItsPeerAndMayChangeIt) {
  run_test([]() -> Task<void> {
    UdpSocket first = co_await UdpSocket::bind(any_port);
    UdpSocket second = co_await UdpSocket::bind(any_port);
    UdpSocket client = co_await UdpSocket::bind(any_port);
    const SocketAddr where = co_await client.local_addr();
    EXPECT_EQ(code_of(co_await as_result(client.send(as_bytes("x")))),
              std::errc::destination_address_required);
    EXPECT_EQ(code_of(client.peer_addr()), std::errc::not_connected);
    co_await first.send_to(as_bytes("queued"), where);
    co_await until_readable(client);
    // The first is of another family, and so the call refuses it.
    const std::array both{SocketAddr(Ipv6Addr::loopback(), 9), second.local_addr().value()};
    co_await client.connect(both);
    EXPECT_EQ(client.peer_addr().value(), second.local_addr().value());
    co_await first.send_to(as_bytes("dropped"), where);
    co_await second.send_to(as_bytes("heard"), where);
    EXPECT_EQ(co_await receive_text(client), "queued");
    EXPECT_EQ(co_await receive_text(client), "heard");
    co_await client.send(as_bytes("1"));
    EXPECT_EQ(co_await receive_text(second), "1");
    co_await client.connect(co_await first.local_addr());
    co_await client.send(as_bytes("2"));
    EXPECT_EQ(co_await receive_text(first), "2");
    // A fixed peer does not keep one from sending elsewhere.
    co_await client.send_to(as_bytes("3"), co_await second.local_addr());
    EXPECT_EQ(co_await receive_text(second), "3");
    const std::vector<SocketAddr> nowhere;
    EXPECT_EQ(code_of(co_await as_result(client.connect(nowhere))), Errc::no_address);
    EXPECT_EQ(code_of(co_await as_result(client.connect(both.front()))),
              std::errc::address_family_not_supported);
    EXPECT_EQ(client.peer_addr().value(), first.local_addr().value());
  });
}

TEST(UdpSocket, SendsToTheFirstOfSeveralAddressesOnly) {
  run_test([]() -> Task<void> {
    UdpSocket receiver = co_await UdpSocket::bind(any_port);
    UdpSocket sender = co_await UdpSocket::bind(any_port);
    const SocketAddr where = co_await receiver.local_addr();
    co_await sender.send_to(as_bytes("text"), where.to_string());
    EXPECT_EQ(co_await receive_text(receiver), "text");
    const std::array both{SocketAddr(Ipv6Addr::loopback(), where.port()), where};
    EXPECT_EQ(code_of(co_await as_result(sender.send_to(as_bytes("x"), both))),
              std::errc::address_family_not_supported);
    const std::vector<SocketAddr> nowhere;
    EXPECT_EQ(code_of(co_await as_result(sender.send_to(as_bytes("x"), nowhere))),
              Errc::no_address);
  });
}

TEST(UdpSocket, ReportsAnUnreachablePeerOnceToWhoeverReceives) {
  run_test([]() -> Task<void> {
    const UdpSocket deaf = co_await unreachable_port();
    UdpSocket socket = co_await UdpSocket::bind(any_port);
    co_await socket.connect(co_await deaf.local_addr());
    std::array<std::byte, 8> bytes;
    auto receives = [](UdpSocket& from, MutableBytes into, std::error_code& code) -> Task<void> {
      code = code_of(co_await as_result(from.recv(into)));
    };
    // Waiting already when it comes, with no read event of the system's.
    std::error_code code;
    TaskGroup group;
    group.add(receives(socket, bytes, code));
    co_await test::turns(3);
    EXPECT_EQ(group.size(), 1U);
    co_await socket.send(as_bytes("x"));
    co_await group.join();
    EXPECT_EQ(code, std::errc::connection_refused);
    EXPECT_TRUE(socket.try_recv(bytes).error().would_block());
    // By try_, and by peek.
    co_await socket.send(as_bytes("x"));
    co_await until_readable(socket);
    EXPECT_EQ(code_of(socket.try_recv(bytes)), std::errc::connection_refused);
    EXPECT_TRUE(socket.try_recv(bytes).error().would_block());
    co_await socket.send(as_bytes("x"));
    EXPECT_EQ(code_of(co_await as_result(socket.peek(bytes))), std::errc::connection_refused);
    EXPECT_TRUE(socket.try_peek(bytes).error().would_block());
  });
}

TEST(UdpSocket, AnErrorOfThePeerClosesNothingAndPasses) {
  run_test([]() -> Task<void> {
    const UdpSocket deaf = co_await unreachable_port();
    UdpSocket socket = co_await UdpSocket::bind(any_port);
    co_await socket.connect(co_await deaf.local_addr());
    co_await socket.send(as_bytes("x"));
    Ready seen;
    while (!seen.is_error()) {
      seen = co_await socket.ready(Interest::error | Interest::readable);
    }
    EXPECT_TRUE(seen.is_readable());
    const Ready all = socket.read_readiness().ready();
    EXPECT_TRUE((all & (Ready::read_closed | Ready::write_closed)).is_empty());
    EXPECT_EQ(code_of(socket.try_send(as_bytes("y"))), std::errc::connection_refused);
    std::array<std::byte, 8> bytes;
    EXPECT_TRUE(socket.try_recv(bytes).error().would_block());
    EXPECT_FALSE(socket.read_readiness().has(Interest::error));
    UdpSocket peer = co_await UdpSocket::bind(any_port);
    co_await socket.connect(co_await peer.local_addr());
    EXPECT_EQ(co_await socket.send(as_bytes("still here")), 10U);
    EXPECT_EQ(co_await receive_text(peer), "still here");
  });
}

TEST(UdpSocket, TakeErrorTakesWhatReceivingWouldHaveReported) {
  run_test([]() -> Task<void> {
    const UdpSocket deaf = co_await unreachable_port();
    UdpSocket socket = co_await UdpSocket::bind(any_port);
    co_await socket.connect(co_await deaf.local_addr());
    EXPECT_FALSE(socket.take_error().has_value());
    co_await socket.send(as_bytes("x"));
    co_await until_readable(socket);
    EXPECT_EQ(socket.take_error().value().code, std::errc::connection_refused);
    EXPECT_FALSE(socket.take_error().has_value());
    std::array<std::byte, 8> bytes;
    EXPECT_TRUE(socket.try_recv(bytes).error().would_block());
  });
}

TEST(UdpSocket, PeeksLeaveTheDatagramInTheQueue) {
  run_test([]() -> Task<void> {
    UdpPair pair = co_await udp_pair();
    const SocketAddr near = co_await pair.near.local_addr();
    std::array<std::byte, 4> bytes{};
    EXPECT_TRUE(pair.far.try_peek(bytes).error().would_block());
    EXPECT_TRUE(pair.far.try_peek_from(bytes).error().would_block());
    EXPECT_TRUE(pair.far.try_peek_sender().error().would_block());
    co_await pair.near.send(as_bytes("first"));
    co_await pair.near.send(as_bytes("second"));
    EXPECT_EQ(co_await pair.far.peek_sender(), near);
    EXPECT_EQ(co_await pair.far.peek(bytes), 4U);
    EXPECT_EQ(as_text(bytes), "firs");
    EXPECT_EQ(co_await pair.far.peek_from(bytes), std::pair(std::size_t{4}, near));
    EXPECT_EQ(co_await pair.far.peek(MutableBytes()), 0U);
    co_await until_readable(pair.far);
    EXPECT_EQ(pair.far.try_peek(bytes), 4U);
    EXPECT_EQ(pair.far.try_peek_from(bytes).value(), std::pair(std::size_t{4}, near));
    EXPECT_EQ(pair.far.try_peek_sender().value(), near);
    EXPECT_EQ(co_await receive_text(pair.far), "first");
    EXPECT_EQ(co_await receive_text(pair.far), "second");
  });
}

TEST(UdpSocket, TriesOnceItIsKnownToBeReady) {
  run_test([]() -> Task<void> {
    UdpPair pair = co_await udp_pair();
    const SocketAddr far = co_await pair.far.local_addr();
    std::array<std::byte, 8> bytes;
    // G7: nothing is known of a new socket, so no call is made.
    EXPECT_TRUE(pair.near.try_send(as_bytes("x")).error().would_block());
    EXPECT_TRUE(pair.near.try_send_to(as_bytes("x"), far).error().would_block());
    co_await pair.near.writable();
    EXPECT_EQ(pair.near.try_send(as_bytes("a")), 1U);
    EXPECT_EQ(pair.near.try_send_to(as_bytes("bc"), far), 2U);
    co_await until_readable(pair.far);
    EXPECT_EQ(pair.far.try_recv(bytes), 1U);
    EXPECT_EQ(pair.far.try_recv_from(bytes).value(),
              std::pair(std::size_t{2}, pair.near.local_addr().value()));
    EXPECT_TRUE(pair.far.try_recv(bytes).error().would_block());
    EXPECT_FALSE(pair.far.read_readiness().has(Interest::readable));
    EXPECT_TRUE(pair.far.try_recv_from(bytes).error().would_block());
  });
}

TEST(UdpSocket, ReceivesIntoTheSpareRoomOfABuffer) {
  run_test([]() -> Task<void> {
    UdpPair pair = co_await udp_pair();
    const SocketAddr near = co_await pair.near.local_addr();
    Buffer buffer;
    EXPECT_TRUE(pair.far.try_recv_buf(buffer).error().would_block());
    EXPECT_TRUE(pair.far.try_recv_buf_from(buffer).error().would_block());
    EXPECT_TRUE(buffer.empty());
    for (const char* const part : {"ab", "cd", "ef", "gh"}) {
      co_await pair.near.send(as_bytes(part));
    }
    EXPECT_EQ(co_await pair.far.recv_buf(buffer), 2U);
    EXPECT_EQ(co_await pair.far.recv_buf_from(buffer), std::pair(std::size_t{2}, near));
    co_await until_readable(pair.far);
    EXPECT_EQ(pair.far.try_recv_buf(buffer), 2U);
    EXPECT_EQ(pair.far.try_recv_buf_from(buffer).value(), std::pair(std::size_t{2}, near));
    EXPECT_EQ(as_text(buffer), "abcdefgh");
    Buffer narrow;
    narrow.reserve(3);
    co_await pair.near.send(as_bytes("longer"));
    EXPECT_EQ(co_await pair.far.recv_buf(narrow), 3U);
    EXPECT_EQ(as_text(narrow), "lon");
  });
}

TEST(UdpSocket, OneDatagramWakesAllReceiversAndOneGetsIt) {
  run_test([]() -> Task<void> {
    UdpPair pair = co_await udp_pair();
    auto receives = [](UdpSocket& from, std::string& into) -> Task<void> {
      into += co_await receive_text(from);
    };
    std::string heard;
    TaskGroup group;
    for (int i = 0; i < 3; ++i) group.add(receives(pair.far, heard));
    co_await test::turns(2);
    EXPECT_EQ(group.size(), 3U);
    for (const char* const text : {"a", "b", "c"}) co_await pair.near.send(as_bytes(text));
    co_await group.join();
    EXPECT_EQ(heard, "abc");
  });
}

TEST(UdpSocket, MakesCallsOfOnesOwn) {
  run_test([]() -> Task<void> {
    UdpPair pair = co_await udp_pair();
    const Native far = pair.far.native();
    int calls = 0;
    auto take = [&calls, far]() -> Result<std::size_t> {
      ++calls;
      std::array<std::byte, 8> bytes;
      return os::recv(far, bytes);
    };
    EXPECT_TRUE(pair.far.try_io(Interest::readable, take).error().would_block());
    EXPECT_EQ(calls, 0);
    co_await pair.near.send(as_bytes("abc"));
    EXPECT_EQ(co_await pair.far.async_io(Interest::readable, take), 3U);
    co_await pair.near.send(as_bytes("de"));
    co_await until_readable(pair.far);
    EXPECT_TRUE(pair.far.ready(Interest::readable).as_result().await_ready());
    EXPECT_EQ(pair.far.try_io(Interest::readable, take), 2U);
    EXPECT_TRUE(pair.far.try_io(Interest::readable, take).error().would_block());
    EXPECT_FALSE(pair.far.read_readiness().has(Interest::readable));
  });
}

TEST(UdpSocket, SaysThatAMessageIsTooLongForADatagram) {
  run_test([]() -> Task<void> {
    UdpPair pair = co_await udp_pair();
    const Buffer longest(65507);
    const Buffer longer(65508);
    EXPECT_EQ(co_await pair.near.send(longest), longest.size());
    EXPECT_EQ(code_of(co_await as_result(pair.near.send(longer))), std::errc::message_size);
    Buffer room(70000);
    EXPECT_EQ(co_await pair.far.recv(room), longest.size());
  });
}

TEST(UdpSocket, KeepsItsOptions) {
  run_test([]() -> Task<void> {
    UdpSocket socket = co_await UdpSocket::bind(any_port);
    UdpSocket six = co_await UdpSocket::bind(SocketAddr(Ipv6Addr::loopback(), 0));
    EXPECT_EQ(socket.broadcast(), false);
    EXPECT_EQ(code_of(co_await as_result(
                  socket.send_to(as_bytes("x"), SocketAddr(Ipv4Addr(127, 255, 255, 255), 9)))),
              std::errc::permission_denied);
    EXPECT_TRUE(socket.set_broadcast(true));
    EXPECT_EQ(socket.broadcast(), true);
    EXPECT_EQ(co_await socket.send_to(as_bytes("x"), SocketAddr(Ipv4Addr(127, 255, 255, 255), 9)),
              1U);
    EXPECT_TRUE(socket.set_ttl(42));
    EXPECT_EQ(socket.ttl(), 42U);
    EXPECT_TRUE(socket.set_tos_v4(0xb8));
    EXPECT_EQ(socket.tos_v4(), 0xb8U);
    EXPECT_TRUE(socket.set_tos(0x28));
    EXPECT_EQ(socket.tos(), 0x28U);
    EXPECT_FALSE(socket.tclass_v6());
    EXPECT_TRUE(six.set_tclass_v6(0xb8));
    EXPECT_EQ(six.tclass_v6(), 0xb8U);
    EXPECT_EQ(socket.device().value(), std::nullopt);
    EXPECT_EQ(code_of(socket.bind_device("no-such-if")), std::errc::no_such_device);
    if (socket.bind_device("lo")) {
      EXPECT_EQ(socket.device().value(), "lo");
      EXPECT_TRUE(socket.bind_device(std::nullopt));
      EXPECT_EQ(socket.device().value(), std::nullopt);
    }
  });
}

TEST(UdpSocket, IsMadeOfASocketSetUpBeforeAndGivenUp) {
  run_test([]() -> Task<void> {
    Handle handle = co_await os::socket(os::Family::inet4, os::SocketType::datagram);
    co_await os::bind(handle.get(), any_port.to_raw());
    const Native native = handle.get();
    UdpSocket socket = co_await UdpSocket::from_native(std::move(handle));
    const SocketAddr where = co_await socket.local_addr();
    EXPECT_EQ(socket.to_string(),
              "UdpSocket(local=" + where.to_string() + ", handle=" + std::to_string(native) + ")");
    UdpSocket sender = co_await UdpSocket::bind(any_port);
    co_await sender.send_to(as_bytes("kept"), where);
    const std::size_t registered = Reactor::current().registrations().size();
    const Handle released = co_await std::move(socket).into_native();
    EXPECT_EQ(Reactor::current().registrations().size(), registered - 1);
    EXPECT_EQ(released.get(), native);
    EXPECT_TRUE(os::is_nonblocking(released.get()).value());
    EXPECT_EQ(SocketAddr::from_raw(os::local_name(released.get()).value()).value(), where);
  });
}

TEST(UdpSocketDeathTest, WithoutAReactorTheCallerIsNamed) {
  Handle socket = os::socket(os::Family::inet4, os::SocketType::datagram).value();
  EXPECT_DEATH(static_cast<void>(UdpSocket::from_native(std::move(socket))), "udp_socket_test.cpp");
}

TEST(UdpSocketDeathTest, AdoptingABlockingSocketNamesTheCaller) {
#ifdef NDEBUG
  GTEST_SKIP() << "checked in debug builds only";
#else
  const auto reactor = Reactor::create().value();
  Handle socket = os::socket(os::Family::inet4, os::SocketType::datagram).value();
  ASSERT_TRUE(os::set_nonblocking(socket.get(), false));
  EXPECT_DEATH(static_cast<void>(UdpSocket::from_native(std::move(socket))),
               "udp_socket_test.cpp.*does not block");
#endif
}

}  // namespace
}  // namespace fid
