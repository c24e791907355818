// SPDX-License-Identifier: MIT
#include "support/code_of.hpp"
#include "support/run_test.hpp"
#include "support/tcp_stream_pair.hpp"

#include <fid/base/os.hpp>
#include <fid/net/tcp_socket.hpp>
#include <fid/reactor/reactor.hpp>
#include <fid/reactor/sleep.hpp>
#include <fid/task/task_group.hpp>

#include <gtest/gtest.h>

#include <sys/socket.h>

#include <array>
#include <string>
#include <vector>

namespace fid {
namespace {

using namespace std::chrono_literals;
using test::code_of;
using test::loopback;
using test::run_test;
using test::tcp_stream_pair;
using test::TcpPair;

Task<std::string> read_some(TcpStream& from, std::size_t most = 64) {
  Buffer bytes(most);
  const std::size_t n = co_await from.read(bytes);
  co_return std::string(as_text(Bytes(bytes).first(n)));
}

/// Waits until a try can succeed, as G7 has it for a new socket.
Task<void> until_readable(TcpStream& stream) {
  while (!stream.read_readiness().has(Interest::readable)) co_await stream.readable();
}

TEST(TcpStream, CarriesBytesBothWays) {
  run_test([]() -> Task<void> {
    TcpPair pair = co_await tcp_stream_pair();
    EXPECT_EQ(co_await pair.near.write(as_bytes("ping")), 4U);
    EXPECT_EQ(co_await read_some(pair.far), "ping");
    EXPECT_EQ(co_await pair.far.write(as_bytes("pong")), 4U);
    EXPECT_EQ(co_await read_some(pair.near), "pong");
    EXPECT_EQ(pair.near.local_addr().value(), pair.far.peer_addr().value());
    EXPECT_EQ(pair.near.peer_addr().value(), pair.far.local_addr().value());
  });
}

TEST(TcpStream, TriesItsAddressesInTurnAndGivesTheLastError) {
  run_test([]() -> Task<void> {
    TcpSocket unlistened = co_await TcpSocket::new_v4();
    co_await unlistened.bind(loopback());
    const SocketAddr nobody = co_await unlistened.local_addr();
    const TcpListener listener = co_await TcpListener::bind(loopback());
    const SocketAddr somebody = co_await listener.local_addr();
    const std::array both{nobody, somebody};
    const TcpStream stream = co_await TcpStream::connect(both);
    EXPECT_EQ(stream.peer_addr().value(), somebody);
    const SocketAddr unusable(Ipv4Addr::broadcast(), 9);
    const std::array hopeless{unusable, nobody};
    const auto refused = co_await as_result(TcpStream::connect(hopeless));
    EXPECT_EQ(code_of(refused), std::errc::connection_refused);
    const std::vector<SocketAddr> nowhere;
    const auto none = co_await as_result(TcpStream::connect(nowhere));
    EXPECT_EQ(code_of(none), std::errc::invalid_argument);
  });
}

TEST(TcpStream, ConnectingWaitsForTheSelectorToSaySo) {
  run_test([]() -> Task<void> {
    const TcpListener listener = co_await TcpListener::bind(loopback());
    const SocketAddr where = co_await listener.local_addr();
    const auto yielding = []() -> Task<void> { co_return; };
    const auto first = co_await race(TcpStream::connect(where), yielding());
    EXPECT_EQ(first.index(), 1U);
  });
}

TEST(TcpStream, TryCallsMakeNoCallBeforeTheSelectorHasSpoken) {
  run_test([]() -> Task<void> {
    TcpPair pair = co_await tcp_stream_pair();
    EXPECT_EQ(os::send(pair.near.native(), as_bytes("x")).value(), 1U);
    Handle handle = co_await std::move(pair.far).into_native();
    TcpStream fresh = co_await TcpStream::from_native(std::move(handle));
    std::array<std::byte, 8> bytes;
    EXPECT_TRUE(fresh.try_read(bytes).error().would_block());
    EXPECT_TRUE(fresh.try_write(as_bytes("y")).error().would_block());
    EXPECT_TRUE(fresh.try_peek(bytes).error().would_block());
    // The asynchronous form tries first, which is harmless here.
    EXPECT_EQ(co_await read_some(fresh), "x");
  });
}

TEST(TcpStream, TryCallsFollowReadiness) {
  run_test([]() -> Task<void> {
    TcpPair pair = co_await tcp_stream_pair();
    std::array<std::byte, 8> bytes;
    co_await pair.near.write(as_bytes("abc"));
    co_await until_readable(pair.far);
    EXPECT_EQ(pair.far.try_read(bytes).value(), 3U);
    EXPECT_TRUE(pair.far.read_readiness().has(Interest::readable));  // success clears nothing (G4)
    EXPECT_TRUE(pair.far.try_read(bytes).error().would_block());
    EXPECT_FALSE(pair.far.read_readiness().has(Interest::readable));
    co_await pair.near.shutdown();
    co_await until_readable(pair.far);
    EXPECT_EQ(pair.far.try_read(bytes).value(), 0U);
  });
}

TEST(TcpStream, AnEmptyBufferReadsNothingAndIsNoEnd) {
  run_test([]() -> Task<void> {
    TcpPair pair = co_await tcp_stream_pair();
    co_await pair.near.write(as_bytes("abc"));
    EXPECT_EQ(co_await pair.far.read({}), 0U);
    EXPECT_EQ(co_await pair.near.write({}), 0U);
    EXPECT_EQ(co_await read_some(pair.far), "abc");
  });
}

TEST(TcpStream, ReadsIntoSpareCapacity) {
  run_test([]() -> Task<void> {
    TcpPair pair = co_await tcp_stream_pair();
    co_await pair.near.write(as_bytes("0123456789"));
    co_await until_readable(pair.far);
    Buffer buffer;
    buffer.reserve(4);
    buffer.push_back(std::byte{'>'});
    EXPECT_EQ(pair.far.try_read_buf(buffer).value(), 3U);
    EXPECT_EQ(as_text(buffer), ">012");
    EXPECT_EQ(pair.far.try_read_buf(buffer).value(), 7U);
    EXPECT_EQ(as_text(buffer), ">0123456789");
    EXPECT_TRUE(pair.far.try_read_buf(buffer).error().would_block());
    EXPECT_EQ(as_text(buffer), ">0123456789");
  });
}

TEST(TcpStream, ScattersAndGathersInOrder) {
  run_test([]() -> Task<void> {
    TcpPair pair = co_await tcp_stream_pair();
    const std::array<Bytes, 3> pieces{as_bytes("ab"), as_bytes(""), as_bytes("cdef")};
    EXPECT_EQ(co_await pair.near.write_vectored(pieces), 6U);
    EXPECT_EQ(pair.near.try_write_vectored(pieces).value(), 6U);
    EXPECT_EQ(co_await read_some(pair.far, 6), "abcdef");
    std::array<std::byte, 4> first{};
    std::array<std::byte, 4> second{};
    std::array<std::byte, 4> third{std::byte{'-'}};
    const std::array<MutableBytes, 3> room{first, second, third};
    co_await until_readable(pair.far);
    EXPECT_EQ(pair.far.try_read_vectored(room).value(), 6U);
    EXPECT_EQ(as_text(first), "abcd");
    EXPECT_EQ(as_text(Bytes(second).first(2)), "ef");
    EXPECT_EQ(third[0], std::byte{'-'});
  });
}

TEST(TcpStream, VectoredWritesToAClosedPeerFailAndRaiseNoSignal) {
  run_test([]() -> Task<void> {
    TcpPair pair = co_await tcp_stream_pair();
    co_await pair.near.shutdown();
    const std::array<Bytes, 1> pieces{as_bytes("x")};
    const auto vectored = co_await as_result(pair.near.write_vectored(pieces));
    EXPECT_EQ(code_of(vectored), std::errc::broken_pipe);
    const auto plain = co_await as_result(pair.near.write(as_bytes("x")));
    EXPECT_EQ(code_of(plain), std::errc::broken_pipe);
  });
}

TEST(TcpStream, PeekingTakesNothing) {
  run_test([]() -> Task<void> {
    TcpPair pair = co_await tcp_stream_pair();
    co_await pair.near.write(as_bytes("abc"));
    std::array<std::byte, 8> bytes;
    for (int i = 0; i < 3; ++i) {
      EXPECT_EQ(co_await pair.far.peek(bytes), 3U);
      EXPECT_EQ(as_text(Bytes(bytes).first(3)), "abc");
    }
    EXPECT_EQ(pair.far.try_peek(bytes).value(), 3U);
    EXPECT_EQ(co_await read_some(pair.far), "abc");
  });
}

Task<void> count_read(TcpStream& from, int& done) {
  std::array<std::byte, 4> bytes;
  co_await from.read(bytes);
  ++done;
}

TEST(TcpStream, ACancelledReadHasTakenNothing) {
  run_test([]() -> Task<void> {
    TcpPair pair = co_await tcp_stream_pair();
    int done = 0;
    {
      TaskGroup group;
      group.add(count_read(pair.far, done));
      co_await yield_now();
      EXPECT_EQ(os::send(pair.near.native(), as_bytes("abcd")).value(), 4U);
    }
    EXPECT_EQ(done, 0);
    EXPECT_EQ(co_await read_some(pair.far), "abcd");
  });
}

TEST(TcpStream, ShutdownEndsOneDirectionAndMayBeRepeated) {
  run_test([]() -> Task<void> {
    TcpPair pair = co_await tcp_stream_pair();
    co_await pair.near.write(as_bytes("last"));
    co_await pair.near.shutdown();
    co_await pair.near.shutdown();
    EXPECT_EQ(co_await read_some(pair.far), "last");
    EXPECT_EQ(co_await read_some(pair.far), "");
    co_await pair.far.write(as_bytes("still here"));
    EXPECT_EQ(co_await read_some(pair.near), "still here");
    co_await pair.far.shutdown();
    EXPECT_EQ(co_await read_some(pair.near), "");
    co_await pair.near.shutdown();
    co_await pair.far.shutdown();
  });
}

TEST(TcpStream, ShutdownOfAResetConnectionSucceeds) {
  run_test([]() -> Task<void> {
    TcpPair pair = co_await tcp_stream_pair();
    EXPECT_TRUE(pair.far.set_zero_linger().has_value());
    { const TcpStream closed = std::move(pair.far); }
    const auto reset = co_await as_result(read_some(pair.near));
    EXPECT_EQ(code_of(reset), std::errc::connection_reset);
    co_await pair.near.shutdown();
    EXPECT_EQ(pair.near.peer_addr().error().code, std::errc::not_connected);
  });
}

TEST(TcpStream, GivesAPendingErrorOnce) {
  run_test([]() -> Task<void> {
    TcpPair pair = co_await tcp_stream_pair();
    EXPECT_FALSE(pair.near.take_error().has_value());
    EXPECT_TRUE(pair.far.set_zero_linger().has_value());
    { const TcpStream closed = std::move(pair.far); }
    while (!pair.near.read_readiness().ready().is_error()) {
      co_await pair.near.ready(Interest::error);
    }
    const auto pending = pair.near.take_error();
    EXPECT_TRUE(pending.has_value());
    if (pending) {
      EXPECT_EQ(pending->code, std::errc::connection_reset);
    }
    EXPECT_FALSE(pair.near.take_error().has_value());
  });
}

TEST(TcpStream, ReadyTellsTheStatesThatHold) {
  run_test([]() -> Task<void> {
    TcpPair pair = co_await tcp_stream_pair();
    EXPECT_TRUE((co_await pair.near.ready(Interest::readable | Interest::writable)).is_writable());
    co_await pair.far.shutdown();
    while (!pair.near.read_readiness().ready().is_read_closed()) {
      co_await pair.near.ready(Interest::readable);
      co_await yield_now();
    }
    const Ready ready = co_await pair.near.ready(Interest::readable | Interest::writable);
    EXPECT_TRUE(ready.is_read_closed());
    EXPECT_FALSE(ready.is_write_closed());
  });
}

TEST(TcpStream, ReadsOnAfterUrgentDataStoppedAShortRead) {
  run_test([]() -> Task<void> {
    TcpPair pair = co_await tcp_stream_pair();
    const Native sender = pair.near.native();
    EXPECT_EQ(os::send(sender, as_bytes("before")).value(), 6U);
    EXPECT_EQ(::send(sender, "!", 1, MSG_OOB | MSG_NOSIGNAL), 1);
    EXPECT_EQ(os::send(sender, as_bytes("after")).value(), 5U);
    std::array<std::byte, 16> all;
    while (os::peek(pair.far.native(), all).value() < 6) co_await pair.far.readable();
    while (!pair.far.read_readiness().ready().is_priority()) {
      co_await pair.far.ready(Interest::priority);
    }
    // The read stops at the mark; no event comes for what is queued behind it.
    EXPECT_EQ(co_await read_some(pair.far), "before");
    EXPECT_EQ(co_await read_some(pair.far), "after");
  });
}

TEST(TcpStream, TryIoCallsOnceAndOnlyWhenReady) {
  run_test([]() -> Task<void> {
    TcpPair pair = co_await tcp_stream_pair();
    int calls = 0;
    std::array<std::byte, 8> bytes;
    const auto receive = [&, handle = pair.far.native()] {
      ++calls;
      return os::recv(handle, bytes);
    };
    EXPECT_TRUE(pair.far.try_io(Interest::readable, receive).error().would_block());
    EXPECT_EQ(calls, 0);
    co_await pair.near.write(as_bytes("abc"));
    co_await until_readable(pair.far);
    EXPECT_EQ(pair.far.try_io(Interest::readable, receive).value(), 3U);
    EXPECT_TRUE(pair.far.try_io(Interest::readable, receive).error().would_block());
    EXPECT_EQ(calls, 2);
    EXPECT_FALSE(pair.far.read_readiness().has(Interest::readable));
  });
}

TEST(TcpStream, AsyncIoCallsAgainWhileItWouldBlock) {
  run_test([]() -> Task<void> {
    TcpPair pair = co_await tcp_stream_pair();
    int calls = 0;
    std::array<std::byte, 8> bytes;
    const auto receive_at_third = [&, handle = pair.far.native()]() -> Result<std::size_t> {
      if (++calls < 3) {
        EXPECT_TRUE(os::send(pair.near.native(), as_bytes("x")).has_value());
        return fail(std::errc::resource_unavailable_try_again, "recv");
      }
      return os::recv(handle, bytes);
    };
    co_await pair.near.write(as_bytes("x"));
    EXPECT_GE(co_await pair.far.async_io(Interest::readable, receive_at_third), 1U);
    EXPECT_EQ(calls, 3);
  });
}

TEST(TcpStream, IsGivenUpAndAdoptedAgain) {
  run_test([]() -> Task<void> {
    TcpPair pair = co_await tcp_stream_pair();
    Handle handle = co_await std::move(pair.far).into_native();
    EXPECT_TRUE(os::is_nonblocking(handle.get()).value());
    TcpStream adopted = co_await TcpStream::from_native(std::move(handle));
    co_await adopted.write(as_bytes("hello"));
    EXPECT_EQ(co_await read_some(pair.near), "hello");
  });
}

TEST(TcpStream, ReadsBackItsOptions) {
  run_test([]() -> Task<void> {
    TcpPair pair = co_await tcp_stream_pair();
    TcpStream& stream = pair.near;
    EXPECT_FALSE(stream.nodelay().value());
    co_await stream.set_nodelay(true);
    EXPECT_TRUE(stream.nodelay().value());
    co_await stream.set_quickack(false);
    EXPECT_FALSE(stream.quickack().value());
    co_await stream.set_ttl(42);
    EXPECT_EQ(stream.ttl().value(), 42U);
    EXPECT_EQ(stream.linger().value(), std::nullopt);
    co_await stream.set_linger(1500ms);
    EXPECT_EQ(stream.linger().value(), 2s);
    co_await stream.set_zero_linger();
    EXPECT_EQ(stream.linger().value(), 0s);
    EXPECT_EQ(stream.to_string(), "TcpStream(local=" + stream.local_addr()->to_string() +
                                      ", peer=" + stream.peer_addr()->to_string() +
                                      ", handle=" + std::to_string(stream.native()) + ")");
  });
}

TEST(TcpStreamDeathTest, AdoptingABlockingSocketNamesTheCaller) {
#ifdef NDEBUG
  GTEST_SKIP() << "checked in debug builds only";
#else
  const auto reactor = Reactor::create().value();
  auto ends = os::socket_pair(os::SocketType::stream).value();
  ASSERT_TRUE(os::set_nonblocking(ends.first.get(), false).has_value());
  EXPECT_DEATH(static_cast<void>(TcpStream::from_native(std::move(ends.first))),
               "tcp_stream_test.cpp.*does not block");
#endif
}

TEST(TcpStreamDeathTest, TryIoForTwoStatesNamesTheCaller) {
  run_test([]() -> Task<void> {
    TcpPair pair = co_await tcp_stream_pair();
    const auto nothing = []() -> Result<void> { return {}; };
    EXPECT_DEATH(
        static_cast<void>(pair.near.try_io(Interest::readable | Interest::writable, nothing)),
        "tcp_stream_test.cpp");
  });
}

TEST(TcpStreamDeathTest, WithoutAReactorTheCallerIsNamed) {
  Handle socket = os::socket(os::Family::inet4, os::SocketType::stream).value();
  EXPECT_DEATH(static_cast<void>(TcpStream::from_native(std::move(socket))), "tcp_stream_test.cpp");
}

}  // namespace
}  // namespace fid
