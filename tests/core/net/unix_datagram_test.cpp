// SPDX-License-Identifier: MIT
#include "support/code_of.hpp"
#include "support/run_test.hpp"
#include "support/temp_dir.hpp"

#include <fid/base/os.hpp>
#include <fid/net/unix_datagram.hpp>
#include <fid/net/unix_socket.hpp>
#include <fid/reactor/reactor.hpp>
#include <fid/reactor/sleep.hpp>
#include <fid/task/race.hpp>
#include <fid/task/task_group.hpp>

#include <gtest/gtest.h>

#include <unistd.h>

#include <array>
#include <string>

namespace fid {
namespace {

using namespace std::chrono_literals;
using test::code_of;
using test::run_test;
using test::TempDir;

Task<std::string> receive(UnixDatagram& from) {
  std::array<std::byte, 8> bytes;
  const std::size_t n = co_await from.recv(bytes);
  co_return std::string(as_text(Bytes(bytes).first(n)));
}

Task<void> yield_task() {
  co_await yield_now();
}

TEST(UnixDatagram, KeepsTheBoundariesOfMessages) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await UnixDatagram::pair();
    EXPECT_EQ(co_await near.send(as_bytes("one")), 3U);
    EXPECT_EQ(co_await near.send(as_bytes("")), 0U);
    EXPECT_EQ(co_await near.send(as_bytes("longer than the buffer")), 22U);
    EXPECT_EQ(co_await near.send(as_bytes("two")), 3U);
    EXPECT_EQ(co_await receive(far), "one");
    EXPECT_EQ(co_await receive(far), "");
    EXPECT_EQ(co_await receive(far), "longer t");
    EXPECT_EQ(co_await receive(far), "two");
    std::array<std::byte, 8> bytes;
    EXPECT_TRUE(far.try_recv(bytes).error().would_block());
  });
}

TEST(UnixDatagram, TellsThatAMessageWasCut) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await UnixDatagram::pair();
    std::array<std::byte, 4> room;
    for (int i = 0; i < 3; ++i) co_await near.send(as_bytes("longer"));
    co_await near.send(as_bytes("fits"));
    EXPECT_EQ(co_await far.recv_arrival(room), (Arrival{4, true}));
    const auto [arrival, sender] = co_await far.recv_arrival_from(room);
    EXPECT_EQ(arrival, (Arrival{4, true}));
    EXPECT_TRUE(sender.is_unnamed());
    EXPECT_EQ(as_text(room), "long");
    while (!far.read_readiness().has(Interest::readable)) co_await far.readable();
    EXPECT_EQ(far.try_recv_arrival(room), (Arrival{4, true}));
    EXPECT_EQ(far.try_recv_arrival_from(room).value().first, (Arrival{4, false}));
    EXPECT_TRUE(far.try_recv_arrival(room).error().would_block());
  });
}

TEST(UnixDatagram, TellsTheSenderSoThatItCanBeAnswered) {
  run_test([]() -> Task<void> {
    const TempDir dir;
    UnixDatagram server = co_await UnixDatagram::bind(dir / "server");
    UnixDatagram client = co_await UnixDatagram::bind(dir / "client");
    UnixDatagram stranger = co_await UnixDatagram::unbound();
    EXPECT_EQ(co_await client.send_to(as_bytes("ping"), dir / "server"), 4U);
    std::array<std::byte, 8> bytes;
    const auto [n, sender] = co_await server.recv_from(bytes);
    EXPECT_EQ(n, 4U);
    EXPECT_EQ(sender.as_pathname(), dir / "client");
    EXPECT_EQ(co_await server.send_to_addr(as_bytes("pong"), sender), 4U);
    EXPECT_EQ(co_await receive(client), "pong");
    co_await stranger.send_to(as_bytes("who"), dir / "server");
    Buffer buffer;
    const auto [m, unnamed] = co_await server.recv_buf_from(buffer);
    EXPECT_EQ(m, 3U);
    EXPECT_EQ(as_text(buffer), "who");
    EXPECT_TRUE(unnamed.is_unnamed());
    EXPECT_TRUE(server.try_recv_from(bytes).error().would_block());
    EXPECT_TRUE(server.try_recv_buf_from(buffer).error().would_block());
    EXPECT_EQ(as_text(buffer), "who");
  });
}

TEST(UnixDatagram, FixesItsPeerAndMayChangeIt) {
  run_test([]() -> Task<void> {
    const TempDir dir;
    UnixDatagram first = co_await UnixDatagram::bind(dir / "first");
    UnixDatagram second = co_await UnixDatagram::bind(dir / "second");
    UnixDatagram client = co_await UnixDatagram::unbound();
    EXPECT_EQ(code_of(co_await as_result(client.send(as_bytes("x")))), std::errc::not_connected);
    EXPECT_EQ(code_of(client.peer_addr()), std::errc::not_connected);
    EXPECT_TRUE(client.connect(dir / "first").has_value());
    co_await client.send(as_bytes("1"));
    EXPECT_EQ(co_await receive(first), "1");
    EXPECT_TRUE(client.connect(dir / "second").has_value());
    co_await client.send(as_bytes("2"));
    EXPECT_EQ(co_await receive(second), "2");
    EXPECT_EQ(client.peer_addr()->as_pathname(), dir / "second");
    EXPECT_EQ(code_of(client.connect(dir / "none")), std::errc::no_such_file_or_directory);
    { const UnixDatagram closed = std::move(second); }
    EXPECT_EQ(code_of(co_await as_result(client.send(as_bytes("3")))),
              std::errc::connection_refused);
  });
}

TEST(UnixDatagram, PathFormsTakeNoAbstractNames) {
  run_test([]() -> Task<void> {
    const std::string name("\0x", 2);
    UnixDatagram socket = co_await UnixDatagram::unbound();
    EXPECT_EQ(code_of(UnixDatagram::bind(name)), std::errc::invalid_argument);
    EXPECT_EQ(code_of(socket.connect(name)), std::errc::invalid_argument);
    EXPECT_EQ(code_of(socket.try_send_to(as_bytes("x"), name)), std::errc::invalid_argument);
    EXPECT_EQ(code_of(co_await as_result(socket.send_to(as_bytes("x"), name))),
              std::errc::invalid_argument);
    const UnixAddr abstract =
        UnixAddr::from_abstract("fid-test-d" + std::to_string(::getpid())).value();
    UnixDatagram bound = co_await UnixDatagram::bind_addr(abstract);
    co_await socket.send_to_addr(as_bytes("x"), abstract);
    EXPECT_EQ(co_await receive(bound), "x");
  });
}

/// Sends until the receiver's queue is full.
Task<int> fill(UnixDatagram& sender, const UnixAddr& to) {
  co_await sender.writable();
  int sent = 0;
  while (sender.try_send_to_addr(as_bytes("full"), to)) ++sent;
  co_return sent;
}

TEST(UnixDatagram, AnUnconnectedSenderWaitsForAFullQueueWithoutSpinning) {
  run_test([]() -> Task<void> {
    const TempDir dir;
    UnixDatagram receiver = co_await UnixDatagram::bind(dir / "r");
    UnixDatagram sender = co_await UnixDatagram::unbound();
    const UnixAddr where = co_await receiver.local_addr();
    const int queued = co_await fill(sender, where);
    EXPECT_TRUE(sender.try_send_to_addr(as_bytes("x"), where).error().would_block());
    const auto before = Reactor::current().wake_ups();
    const auto waited = co_await race(sender.send_to_addr(as_bytes("x"), where), sleep(300ms));
    EXPECT_EQ(waited.index(), 1U);
    // After 1 + 2 + 4 + 8 + 16 + 32 ms, then every 50 ms; and each attempt that would block frees
    // its buffer, which is an event of its own.
    EXPECT_LE(Reactor::current().wake_ups() - before, 40U);
    auto late = [](UnixDatagram& from, const UnixAddr& to) -> Task<void> {
      co_await from.send_to_addr(as_bytes("late"), to);
    };
    TaskGroup senders;
    senders.add(late(sender, where));
    EXPECT_EQ(senders.size(), 1U);
    for (int i = 0; i < queued; ++i) EXPECT_EQ(co_await receive(receiver), "full");
    co_await senders.join();
    EXPECT_EQ(co_await receive(receiver), "late");
  });
}

TEST(UnixDatagram, TryingToSendFollowsItsOwnReadinessAndNotThatOfAQueue) {
  run_test([]() -> Task<void> {
    const TempDir dir;
    UnixDatagram receiver = co_await UnixDatagram::bind(dir / "r");
    const UnixAddr where = co_await receiver.local_addr();
    UnixDatagram sender = co_await UnixDatagram::unbound();
    EXPECT_TRUE(sender.try_send_to_addr(as_bytes("early"), where).error().would_block())
        << "the selector has not spoken";
    co_await fill(sender, where);
    EXPECT_TRUE(sender.write_readiness().has(Interest::writable));
    EXPECT_EQ(co_await receive(receiver), "full");
    EXPECT_EQ(sender.try_send_to_addr(as_bytes("room"), where), 4U);
  });
}

TEST(UnixDatagram, ASenderToAFullQueueFailsWhenTheReactorStops) {
  const TempDir dir;
  auto reactor = Reactor::create().value();
  UnixDatagram receiver = UnixDatagram::bind(dir / "r").value();
  UnixDatagram sender = UnixDatagram::unbound().value();
  std::error_code code;
  auto send = [](UnixDatagram& from, UnixAddr to, std::error_code& out) -> Task<void> {
    co_await fill(from, to);
    const auto sent = co_await as_result(from.send_to_addr(as_bytes("x"), to));
    out = code_of(sent);
  };
  TaskGroup group;
  group.add(send(sender, receiver.local_addr().value(), code));
  while (Reactor::current().timers().empty()) ASSERT_TRUE(reactor->turn().has_value());
  reactor.reset();
  EXPECT_EQ(code, Errc::reactor_stopped);
}

TEST(UnixDatagram, ASenderWhomNothingHoldsUpGivesWay) {
  run_test([]() -> Task<void> {
    const TempDir dir;
    UnixDatagram sender = co_await UnixDatagram::unbound();
    const UnixAddr nobody = co_await UnixAddr::from_path(dir / "nobody");
    auto send = [](UnixDatagram& from, const UnixAddr& to) -> Task<void> {
      for (int i = 0; i < 1000; ++i) {
        static_cast<void>(co_await as_result(from.send_to_addr(as_bytes("x"), to)));
      }
    };
    TaskGroup group;
    group.add(send(sender, nobody));
    EXPECT_EQ(group.size(), 1U);
    co_await group.join();
  });
}

TEST(UnixDatagram, AConnectedSenderIsToldOfRoom) {
  run_test([]() -> Task<void> {
    const TempDir dir;
    UnixDatagram receiver = co_await UnixDatagram::bind(dir / "r");
    UnixDatagram sender = co_await UnixDatagram::unbound();
    co_await sender.connect(dir / "r");
    co_await sender.writable();
    int queued = 0;
    while (sender.try_send(as_bytes("full"))) ++queued;
    auto late = [](UnixDatagram& from) -> Task<void> { co_await from.send(as_bytes("late")); };
    TaskGroup senders;
    senders.add(late(sender));
    co_await yield_now();
    EXPECT_EQ(senders.size(), 1U);
    for (int i = 0; i < queued; ++i) EXPECT_EQ(co_await receive(receiver), "full");
    EXPECT_EQ(co_await receive(receiver), "late");
    EXPECT_TRUE(Reactor::current().timers().empty());
  });
}

TEST(UnixDatagram, ACancelledSendLeavesNoTimerAndHasSentNothing) {
  run_test([]() -> Task<void> {
    const TempDir dir;
    UnixDatagram receiver = co_await UnixDatagram::bind(dir / "r");
    UnixDatagram sender = co_await UnixDatagram::unbound();
    const UnixAddr where = co_await receiver.local_addr();
    const int queued = co_await fill(sender, where);
    co_await race(sender.send_to_addr(as_bytes("x"), where), yield_task());
    EXPECT_TRUE(Reactor::current().timers().empty());
    for (int i = 0; i < queued; ++i) EXPECT_EQ(co_await receive(receiver), "full");
    std::array<std::byte, 8> bytes;
    EXPECT_TRUE(os::recv(receiver.native(), bytes).error().would_block());
  });
}

TEST(UnixDatagram, ShutdownEndsSending) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await UnixDatagram::pair();
    EXPECT_TRUE(near.shutdown(os::Shutdown::write).has_value());
    EXPECT_EQ(code_of(co_await as_result(near.send(as_bytes("x")))), std::errc::broken_pipe);
    co_await far.send(as_bytes("y"));
    EXPECT_EQ(co_await receive(near), "y");
  });
}

TEST(UnixDatagram, IsMadeOfASocketSetUpBeforeAndGivenUp) {
  run_test([]() -> Task<void> {
    const TempDir dir;
    UnixSocket socket = co_await UnixSocket::new_datagram();
    co_await socket.bind(dir / "d");
    UnixDatagram datagram = co_await std::move(socket).datagram();
    EXPECT_EQ(datagram.local_addr()->as_pathname(), dir / "d");
    EXPECT_FALSE(datagram.take_error().has_value());
    EXPECT_EQ(datagram.to_string(), "UnixDatagram(local=" + (dir / "d") +
                                        ", handle=" + std::to_string(datagram.native()) + ")");
    const Handle handle = co_await std::move(datagram).into_native();
    EXPECT_TRUE(os::is_nonblocking(handle.get()).value());
    EXPECT_EQ(code_of(UnixDatagram::bind(dir / "d")), std::errc::address_in_use);
  });
}

TEST(UnixDatagram, ReceivesIntoTheSpareRoomOfABuffer) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await UnixDatagram::pair();
    Buffer buffer;
    buffer.reserve(8);
    const std::size_t room = buffer.capacity();
    EXPECT_TRUE(far.try_recv_buf(buffer).error().would_block());
    co_await near.send(as_bytes("abc"));
    EXPECT_EQ(co_await far.recv_buf(buffer), 3U);
    co_await near.send(Buffer(room, std::byte{'x'}));
    co_await far.readable();
    EXPECT_EQ(far.try_recv_buf(buffer).value(), room - 3);
    EXPECT_EQ(buffer.size(), room);
    EXPECT_EQ(as_text(Bytes(buffer).first(4)), "abcx");
  });
}

TEST(UnixDatagram, MakesCallsOfOnesOwnAndTellsStates) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await UnixDatagram::pair();
    EXPECT_EQ(co_await far.ready(Interest::readable | Interest::writable), Ready::writable);
    std::array<std::byte, 8> bytes;
    int calls = 0;
    const auto receive = [&, handle = far.native()] {
      ++calls;
      return os::recv(handle, bytes);
    };
    EXPECT_TRUE(far.try_io(Interest::readable, receive).error().would_block());
    EXPECT_EQ(calls, 0);
    co_await near.send(as_bytes("abc"));
    EXPECT_EQ(co_await far.async_io(Interest::readable, receive), 3U);
    EXPECT_TRUE(far.try_io(Interest::readable, receive).error().would_block());
    EXPECT_EQ(calls, 2);
  });
}

TEST(UnixDatagram, IsAdopted) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await os::socket_pair(os::SocketType::datagram);
    UnixDatagram adopted = co_await UnixDatagram::from_native(std::move(near));
    EXPECT_TRUE(os::send(far.get(), as_bytes("abc")).has_value());
    EXPECT_EQ(co_await receive(adopted), "abc");
  });
}

TEST(UnixDatagramDeathTest, WithoutAReactorTheCallerIsNamed) {
  const TempDir dir;
  EXPECT_DEATH(static_cast<void>(UnixDatagram::unbound()), "unix_datagram_test.cpp");
  EXPECT_DEATH(static_cast<void>(UnixDatagram::bind(dir / "s")), "unix_datagram_test.cpp");
  EXPECT_DEATH(static_cast<void>(UnixDatagram::pair()), "unix_datagram_test.cpp");
}

TEST(UnixDatagramDeathTest, AdoptingABlockingSocketNamesTheCaller) {
#ifdef NDEBUG
  GTEST_SKIP() << "checked in debug builds only";
#else
  const auto reactor = Reactor::create().value();
  auto ends = os::socket_pair(os::SocketType::datagram).value();
  ASSERT_TRUE(os::set_nonblocking(ends.first.get(), false));
  EXPECT_DEATH(static_cast<void>(UnixDatagram::from_native(std::move(ends.first))),
               "unix_datagram_test.cpp.*does not block");
#endif
}

}  // namespace
}  // namespace fid
