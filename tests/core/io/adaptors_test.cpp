// SPDX-License-Identifier: MIT
#include "support/run_test.hpp"
#include "support/turns.hpp"

#include <fid/io/adaptors.hpp>
#include <fid/io/duplex.hpp>
#include <fid/io/memory.hpp>
#include <fid/io/ops.hpp>
#include <fid/reactor/with_deadline.hpp>
#include <fid/task/task_group.hpp>

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <string>

namespace fid {
namespace {

using namespace std::chrono_literals;
using test::run_test;
using test::turns;

static_assert(AsyncRead<BytesReader> && AsyncRead<BytesReader&>);
static_assert(AsyncRead<Take<DuplexStream&>> && AsyncRead<Chain<BytesReader, DuplexStream&>>);
static_assert(AsyncWrite<BufferWriter> && AsyncWrite<BytesWriter>);

TEST(Take, EndsAfterSoManyBytesAndLeavesTheOthers) {
  run_test([]() -> Task<void> {
    BytesReader reader(as_bytes("0123456789"));
    auto first = take(reader, 4);
    Buffer buffer;
    EXPECT_EQ(co_await read_to_end(first, buffer), 4U);
    EXPECT_EQ(as_text(buffer), "0123");
    EXPECT_EQ(first.limit(), 0U);
    EXPECT_EQ(as_text(reader.left()), "456789");
  });
}

TEST(Take, EndsWithItsReaderIfThatIsShorter) {
  run_test([]() -> Task<void> {
    auto all = take(BytesReader(as_bytes("abc")), 10);
    Buffer buffer;
    EXPECT_EQ(co_await read_to_end(all, buffer), 3U);
    EXPECT_EQ(all.limit(), 7U);
  });
}

TEST(Take, DoesNotWaitForBytesBeyondItsLimit) {
  run_test([]() -> Task<void> {
    auto [near, far] = duplex(8);
    co_await write_all(near, as_bytes("ab"));
    auto two = take(far, 2);
    Buffer buffer;
    EXPECT_EQ(co_await read_to_end(two, buffer), 2U);
  });
}

TEST(Take, IsAtItsEndWithoutAskingAReaderThatHasNothing) {
  run_test([]() -> Task<void> {
    auto [near, far] = duplex(8);
    auto none = take(far, 0);
    std::array<std::byte, 1> byte;
    EXPECT_EQ(co_await with_deadline(10s, none.read(byte)), 0U);
  });
}

TEST(Take, AsksNothingOfItsReaderAtItsLimit) {
  struct Silent : Reads<Silent> {
    Result<std::size_t> attempt_read(MutableBytes /*into*/) {
      return fail(std::errc::resource_unavailable_try_again, "read");
    }
    Readiness& read_readiness() { return always_ready(); }
  } silent;
  auto none = take(silent, 0);
  std::array<std::byte, 1> byte;
  EXPECT_EQ(none.attempt_read(byte), 0U);
}

TEST(Chain, ReadsOneAfterTheOther) {
  run_test([]() -> Task<void> {
    auto both = chain(BytesReader(as_bytes("one ")), BytesReader(as_bytes("two")));
    Buffer buffer;
    co_await read_to_end(both, buffer);
    EXPECT_EQ(as_text(buffer), "one two");
  });
}

TEST(Chain, AReadOfNothingIsNotTheEndOfTheFirst) {
  run_test([]() -> Task<void> {
    auto both = chain(BytesReader(as_bytes("one")), BytesReader(as_bytes("two")));
    EXPECT_EQ(co_await both.read(MutableBytes()), 0U);
    std::array<std::byte, 3> buffer;
    EXPECT_EQ(co_await both.read(buffer), 3U);
    EXPECT_EQ(as_text(buffer), "one");
  });
}

Task<void> read_both(DuplexStream& first, DuplexStream& second, std::string& got) {
  auto both = chain(first, second);
  Buffer buffer;
  co_await read_to_end(both, buffer);
  got = as_text(buffer);
}

TEST(Chain, WaitsForTheSecondOnceTheFirstHasEnded) {
  run_test([]() -> Task<void> {
    auto [a, first] = duplex(8);
    auto [b, second] = duplex(8);
    std::string got;
    TaskGroup group;
    group.add(read_both(first, second, got));
    co_await write_all(a, as_bytes("one "));
    co_await a.shutdown();
    co_await turns(4);
    co_await write_all(b, as_bytes("two"));
    co_await b.shutdown();
    co_await group.join();
    EXPECT_EQ(got, "one two");
  });
}

TEST(BufferWriter, GrowsWithWhatIsWritten) {
  run_test([]() -> Task<void> {
    Buffer buffer;
    BufferWriter writer(buffer);
    co_await write_all(writer, as_bytes("some "));
    co_await write_all(writer, as_bytes("text"));
    co_await writer.shutdown();
    EXPECT_EQ(as_text(buffer), "some text");
  });
}

TEST(BytesReader, EndsWithItsBytes) {
  run_test([]() -> Task<void> {
    BytesReader reader(as_bytes("abc"));
    std::array<std::byte, 2> buffer;
    EXPECT_EQ(co_await reader.read(buffer), 2U);
    EXPECT_EQ(co_await reader.read(buffer), 1U);
    EXPECT_EQ(co_await reader.read(buffer), 0U);
  });
}

}  // namespace
}  // namespace fid
