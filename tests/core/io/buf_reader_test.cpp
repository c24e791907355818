// SPDX-License-Identifier: MIT
#include "support/code_of.hpp"
#include "support/holding.hpp"
#include "support/run_test.hpp"
#include "support/turns.hpp"

#include <fid/io/buf_reader.hpp>
#include <fid/io/duplex.hpp>
#include <fid/io/ops.hpp>
#include <fid/task/race.hpp>
#include <fid/task/task_group.hpp>

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace fid {
namespace {

using test::code_of;
using test::run_test;
using test::turns;

static_assert(AsyncBufRead<BufReader<BytesReader>>);
static_assert(AsyncRead<BufReader<DuplexStream&>>);

/// Remembers how much was asked of it.
struct Asked : Reads<Asked> {
  explicit Asked(Bytes bytes) : reader(bytes) {}
  Result<std::size_t> attempt_read(MutableBytes into) {
    sizes.push_back(into.size());
    return reader.attempt_read(into);
  }
  Readiness& read_readiness() { return always_ready(); }

  BytesReader reader;
  std::vector<std::size_t> sizes;
};

TEST(BufReader, SmallReadsComeFromOneLargeOne) {
  run_test([]() -> Task<void> {
    Asked asked(as_bytes("0123456789"));
    BufReader reader(asked, 8);
    std::array<std::byte, 4> buffer;
    EXPECT_EQ(co_await reader.read(buffer), 4U);
    EXPECT_EQ(as_text(reader.buffer()), "4567");
    EXPECT_EQ(co_await reader.read(buffer), 4U);
    EXPECT_EQ(as_text(buffer), "4567");
    EXPECT_EQ(co_await reader.read(buffer), 2U);
    EXPECT_EQ(co_await reader.read(buffer), 0U);
    EXPECT_EQ(asked.sizes.front(), 8U);
    EXPECT_EQ(asked.sizes.size(), 3U);
  });
}

TEST(BufReader, LargeReadsGoPastAnEmptyBuffer) {
  run_test([]() -> Task<void> {
    Asked asked(as_bytes("0123456789"));
    BufReader reader(asked, 4);
    std::array<std::byte, 6> buffer;
    EXPECT_EQ(co_await reader.read(buffer), 6U);
    EXPECT_EQ(asked.sizes.front(), 6U);
    EXPECT_TRUE(reader.buffer().empty());
  });
}

TEST(BufReader, LargeReadsDoNotOvertakeWhatIsBuffered) {
  run_test([]() -> Task<void> {
    BytesReader inner(as_bytes("abcdefgh"));
    BufReader reader(inner, 4);
    std::array<std::byte, 8> room;
    EXPECT_EQ(co_await reader.read(MutableBytes(room).first(1)), 1U);
    EXPECT_EQ(co_await reader.read(room), 3U);
    EXPECT_EQ(as_text(Bytes(room).first(3)), "bcd");
    EXPECT_EQ(co_await reader.read(room), 4U);
    EXPECT_EQ(as_text(Bytes(room).first(4)), "efgh");
  });
}

TEST(BufReader, IsReadyWhileSomethingIsBufferedWhateverItsReaderIs) {
  run_test([]() -> Task<void> {
    auto [near, far] = duplex(8);
    co_await write_all(near, as_bytes("abcd"));
    BufReader reader(far);
    std::array<std::byte, 1> one;
    EXPECT_EQ(co_await reader.read(one), 1U);
    far.read_readiness().clear(Interest::readable);
    EXPECT_EQ(co_await reader.read(one), 1U);
    EXPECT_EQ(as_text(one), "b");
  });
}

TEST(BufReader, FillingLooksAndConsumingTakes) {
  run_test([]() -> Task<void> {
    auto [near, far] = duplex(8);
    BufReader reader(far);
    const auto cancelled = co_await race(fill_buf(reader), turns());
    EXPECT_EQ(cancelled.index(), 1U);
    co_await write_all(near, as_bytes("abcd"));
    EXPECT_EQ(as_text(co_await fill_buf(reader)), "abcd");
    reader.consume(3);
    EXPECT_EQ(as_text(co_await fill_buf(reader)), "d");
    reader.consume(1);
    co_await near.shutdown();
    EXPECT_TRUE((co_await fill_buf(reader)).empty());
  });
}

TEST(BufReader, GivesItsReaderBack) {
  BufReader reader(BytesReader(as_bytes("abc")));
  EXPECT_EQ(as_text(reader.get_ref().left()), "abc");
  reader.get_mut() = BytesReader(as_bytes("defg"));
  EXPECT_EQ(reader.attempt_fill()->size(), 4U);
  EXPECT_TRUE(std::move(reader).into_inner().left().empty());
}

TEST(BufReaderDeathTest, ConsumingMoreThanThereIsNamesTheCaller) {
  BufReader reader(BytesReader(as_bytes("abc")));
  EXPECT_DEATH(reader.consume(1), "buf_reader_test.cpp");
}

TEST(CopyBuf, MovesEverything) {
  run_test([]() -> Task<void> {
    const std::string text(20'000, 'x');
    BufReader reader(BytesReader(as_bytes(text)), 1000);
    Buffer buffer;
    BufferWriter writer(buffer);
    EXPECT_EQ(co_await copy_buf(reader, writer), text.size());
    EXPECT_EQ(as_text(buffer), text);
  });
}

TEST(CopyBuf, WhatWasNotWrittenStaysInTheReader) {
  run_test([]() -> Task<void> {
    BufReader reader(BytesReader(as_bytes("abcdef")));
    std::array<std::byte, 4> room;
    BytesWriter writer(room);
    EXPECT_EQ(code_of(co_await as_result(copy_buf(reader, writer))), Errc::write_zero);
    EXPECT_EQ(as_text(reader.buffer()), "ef");
  });
}

TEST(CopyBuf, FlushesWhileTheReaderHasNothing) {
  run_test([]() -> Task<void> {
    auto [a, in] = duplex(64);
    auto [out, b] = duplex(64);
    const StreamPtr behind = make_stream(std::move(out));
    test::Holding writer(*behind);
    BufReader reader(in);
    TaskGroup group;
    const auto copying = [](auto& from, test::Holding& to) -> Task<void> {
      co_await copy_buf(from, to);
    };
    group.add(copying(reader, writer));
    co_await write_all(a, as_bytes("ask"));
    std::array<std::byte, 3> bytes;
    co_await read_exact(b, bytes);
    EXPECT_EQ(as_text(bytes), "ask");
    co_await a.shutdown();
    co_await group.join();
  });
}

}  // namespace
}  // namespace fid
