// SPDX-License-Identifier: MIT
#include "support/code_of.hpp"
#include "support/run_test.hpp"
#include "support/tcp_stream_pair.hpp"

#include <fid/base/os.hpp>
#include <fid/net/tcp_stream.hpp>
#include <fid/net/unix_stream.hpp>
#include <fid/task/task_group.hpp>

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <type_traits>

namespace fid {
namespace {

using test::code_of;
using test::run_test;

static_assert(AsyncRead<TcpStream::ReadHalf> && AsyncRead<TcpStream::OwnedReadHalf>);
static_assert(AsyncWrite<TcpStream::WriteHalf> && AsyncWrite<TcpStream::OwnedWriteHalf>);
static_assert(AsyncRead<UnixStream::ReadHalf> && AsyncWrite<UnixStream::OwnedWriteHalf>);

template <class S>
struct Ends {
  Ends(S near_end, S far_end) : near(std::move(near_end)), far(std::move(far_end)) {}
  S near;
  S far;
};

template <class S>
Task<Ends<S>> connected();

template <>
Task<Ends<TcpStream>> connected() {
  test::TcpPair pair = co_await test::tcp_stream_pair();
  co_return Ends<TcpStream>(std::move(pair.near), std::move(pair.far));
}

template <>
Task<Ends<UnixStream>> connected() {
  auto pair = co_await UnixStream::pair();
  co_return Ends<UnixStream>(std::move(pair.first), std::move(pair.second));
}

template <class Reader>
Task<std::string> read_some(Reader& from) {
  std::array<std::byte, 64> bytes;
  const std::size_t n = co_await from.read(bytes);
  co_return std::string(as_text(Bytes(bytes).first(n)));
}

/// Nothing has arrived, and no end: a read would wait.
void expect_open(Native native) {
  std::array<std::byte, 8> bytes;
  const auto read = os::recv(native, bytes);
  ASSERT_FALSE(read.has_value());
  EXPECT_TRUE(read.error().would_block());
}

template <class S>
class StreamHalves : public testing::Test {};
using Streams = testing::Types<TcpStream, UnixStream>;
TYPED_TEST_SUITE(StreamHalves, Streams);

TYPED_TEST(StreamHalves, BorrowedOnesUseTheWholeAndLeaveItAsItWas) {
  using S = TypeParam;
  run_test([]() -> Task<void> {
    Ends<S> ends = co_await connected<S>();
    {
      auto [reader, writer] = ends.near.split();
      EXPECT_EQ(co_await writer.write(as_bytes("ping")), 4U);
      EXPECT_EQ(co_await read_some(ends.far), "ping");
      co_await ends.far.write(as_bytes("pong"));
      const Ready ready = co_await reader.ready(Interest::writable);
      EXPECT_TRUE(ready.is_writable());
      EXPECT_EQ(co_await read_some(reader), "pong");
      EXPECT_EQ(reader.local_addr(), ends.near.local_addr());
      EXPECT_EQ(writer.peer_addr(), ends.near.peer_addr());
      EXPECT_EQ(&reader.stream(), &ends.near);
      EXPECT_EQ(writer.to_string(), ends.near.to_string());
    }
    expect_open(ends.far.native());
    auto [reader, writer] = ends.near.split();
    co_await writer.shutdown();
    EXPECT_EQ(co_await read_some(ends.far), "");
  });
}

TYPED_TEST(StreamHalves, TryCallsAndVectorsWorkOnHalves) {
  using S = TypeParam;
  run_test([]() -> Task<void> {
    Ends<S> ends = co_await connected<S>();
    auto [reader, writer] = std::move(ends.near).into_split();
    const std::array<Bytes, 2> pieces{as_bytes("ab"), as_bytes("cd")};
    co_await writer.writable();
    EXPECT_EQ(writer.try_write(as_bytes(">")).value(), 1U);
    EXPECT_EQ(writer.try_write_vectored(pieces).value(), 4U);
    EXPECT_EQ(co_await writer.write_vectored(pieces), 4U);
    EXPECT_EQ(co_await read_some(ends.far), ">abcdabcd");
    std::array<std::byte, 2> first{};
    std::array<std::byte, 2> second{};
    const std::array<MutableBytes, 2> room{first, second};
    EXPECT_TRUE(reader.try_read(first).error().would_block());
    co_await ends.far.write(as_bytes("12345678"));
    co_await reader.readable();
    EXPECT_EQ(reader.try_read_vectored(room).value(), 4U);
    EXPECT_EQ(reader.try_read(first).value(), 2U);
    Buffer buffer;
    EXPECT_EQ(reader.try_read_buf(buffer).value(), 2U);
    EXPECT_EQ(as_text(buffer), "78");
  });
}

TYPED_TEST(StreamHalves, TheWriterShutsDownWhenItGoesAndTheReaderReadsOn) {
  using S = TypeParam;
  run_test([]() -> Task<void> {
    Ends<S> ends = co_await connected<S>();
    auto [reader, writer] = std::move(ends.near).into_split();
    std::string got;
    auto reading = [](typename S::OwnedReadHalf& from, std::string& into) -> Task<void> {
      into = co_await read_some(from);
    };
    TaskGroup group;
    group.add(reading(reader, got));
    co_await writer.write(as_bytes("last"));
    { const typename S::OwnedWriteHalf gone = std::move(writer); }
    EXPECT_EQ(co_await read_some(ends.far), "last");
    EXPECT_EQ(co_await read_some(ends.far), "");
    co_await ends.far.write(as_bytes("reply"));
    co_await group.join();
    EXPECT_EQ(got, "reply");
  });
}

TYPED_TEST(StreamHalves, AForgottenWriterShutsNothingDown) {
  using S = TypeParam;
  run_test([]() -> Task<void> {
    Ends<S> ends = co_await connected<S>();
    {
      auto [reader, writer] = std::move(ends.near).into_split();
      std::move(writer).forget();
      expect_open(ends.far.native());
    }
    EXPECT_EQ(co_await read_some(ends.far), "");  // both are gone
  });
}

TYPED_TEST(StreamHalves, AReaderThatGoesIsNotNoticed) {
  using S = TypeParam;
  run_test([]() -> Task<void> {
    Ends<S> ends = co_await connected<S>();
    auto [reader, writer] = std::move(ends.near).into_split();
    { const typename S::OwnedReadHalf gone = std::move(reader); }
    expect_open(ends.far.native());
    EXPECT_EQ(co_await ends.far.write(as_bytes("unread")), 6U);
    EXPECT_EQ(co_await writer.write(as_bytes("still here")), 10U);
    EXPECT_EQ(co_await read_some(ends.far), "still here");
  });
}

TYPED_TEST(StreamHalves, ReunitingGivesTheStreamBackStillOpen) {
  using S = TypeParam;
  run_test([]() -> Task<void> {
    Ends<S> ends = co_await connected<S>();
    const Native native = ends.near.native();
    for (const bool by_reader : {true, false}) {
      auto [reader, writer] = std::move(ends.near).into_split();
      auto whole = by_reader ? std::move(reader).reunite(std::move(writer))
                             : std::move(writer).reunite(std::move(reader));
      EXPECT_TRUE(whole.has_value());
      ends.near = std::move(*whole);
      EXPECT_EQ(ends.near.native(), native);
      expect_open(ends.far.native());
    }
    co_await ends.near.write(as_bytes("whole"));
    EXPECT_EQ(co_await read_some(ends.far), "whole");
  });
}

TYPED_TEST(StreamHalves, HalvesOfTwoStreamsComeBackUnharmed) {
  using S = TypeParam;
  run_test([]() -> Task<void> {
    Ends<S> one = co_await connected<S>();
    Ends<S> other = co_await connected<S>();
    auto [reader, unused_writer] = std::move(one.near).into_split();
    auto [unused_reader, writer] = std::move(other.near).into_split();
    auto mixed = std::move(reader).reunite(std::move(writer));
    EXPECT_FALSE(mixed.has_value());
    if (mixed) co_return;
    typename S::ReuniteError& error = mixed.error();
    EXPECT_EQ(error.error().code, std::errc::invalid_argument);
    EXPECT_EQ(error.to_string(), "reunite halves of two streams: Invalid argument (EINVAL)");
    expect_open(other.far.native());
    co_await error.write.write(as_bytes("w"));
    EXPECT_EQ(co_await read_some(other.far), "w");
    co_await one.far.write(as_bytes("r"));
    EXPECT_EQ(co_await read_some(error.read), "r");
  });
}

TYPED_TEST(StreamHalves, AWriterThatWasShutDownDoesNotDoItAgain) {
  using S = TypeParam;
  run_test([]() -> Task<void> {
    Ends<S> ends = co_await connected<S>();
    auto [reader, writer] = std::move(ends.near).into_split();
    co_await writer.shutdown();
    EXPECT_EQ(co_await read_some(ends.far), "");
    // Replacing a half ends what it stood for.
    Ends<S> others = co_await connected<S>();
    auto [other_reader, other_writer] = std::move(others.near).into_split();
    writer = std::move(other_writer);
    expect_open(others.far.native());
    other_writer = std::move(writer);
    Ends<S> third = co_await connected<S>();
    auto [third_reader, third_writer] = std::move(third.near).into_split();
    other_writer = std::move(third_writer);
    EXPECT_EQ(co_await read_some(others.far), "");
    expect_open(third.far.native());
  });
}

TYPED_TEST(StreamHalves, AWriterThatReplacesOneThatWasShutDownStillShutsDown) {
  using S = TypeParam;
  run_test([]() -> Task<void> {
    Ends<S> ends = co_await connected<S>();
    auto [reader, writer] = std::move(ends.near).into_split();
    co_await writer.shutdown();
    Ends<S> others = co_await connected<S>();
    auto [other_reader, other_writer] = std::move(others.near).into_split();
    writer = std::move(other_writer);
    { const typename S::OwnedWriteHalf gone = std::move(writer); }
    EXPECT_EQ(co_await read_some(others.far), "");
  });
}

/// Counts how often its writing direction is shut down; the first `failures` times that fails.
struct Reluctant {
  int* shutdowns;
  int failures;
  Result<void> attempt_shutdown() {
    if (++*shutdowns > failures) return {};
    return fail(std::errc::no_buffer_space, "shutdown");
  }
};

/// How often a stream is shut down whose writing half is asked to, and then goes.
int shutdowns(int failures) {
  int count = 0;
  auto [reader, writer] = split_in_two(Reluctant{&count, failures});
  EXPECT_EQ(writer.attempt_shutdown().has_value(), failures == 0);
  { const auto gone = std::move(writer); }
  return count;
}

TEST(OwnedWriteHalf, ShutsDownAsItGoesOnlyIfThatFailedBefore) {
  EXPECT_EQ(shutdowns(0), 1);
  EXPECT_EQ(shutdowns(1), 2);
}

TEST(TcpStreamHalves, ReadersPeek) {
  run_test([]() -> Task<void> {
    test::TcpPair pair = co_await test::tcp_stream_pair();
    auto [reader, writer] = std::move(pair.near).into_split();
    co_await pair.far.write(as_bytes("abc"));
    std::array<std::byte, 8> bytes;
    EXPECT_EQ(co_await reader.peek(bytes), 3U);
    EXPECT_EQ(co_await read_some(reader), "abc");
  });
}

TEST(TcpStreamHalves, ReadersTryToPeek) {
  run_test([]() -> Task<void> {
    test::TcpPair pair = co_await test::tcp_stream_pair();
    auto [reader, writer] = pair.near.split();
    std::array<std::byte, 8> bytes;
    EXPECT_TRUE(reader.try_peek(bytes).error().would_block());
    co_await pair.far.write(as_bytes("abc"));
    co_await reader.readable();
    EXPECT_EQ(reader.try_peek(bytes).value(), 3U);
    EXPECT_EQ(co_await read_some(reader), "abc");
  });
}

}  // namespace
}  // namespace fid
