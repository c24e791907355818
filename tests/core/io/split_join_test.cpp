// SPDX-License-Identifier: MIT
#include "support/run_test.hpp"
#include "support/stream_text.hpp"
#include "support/turns.hpp"

#include <fid/io/buf_reader.hpp>
#include <fid/io/copy_bidirectional.hpp>
#include <fid/io/duplex.hpp>
#include <fid/io/join.hpp>
#include <fid/io/memory.hpp>
#include <fid/io/ops.hpp>
#include <fid/io/split.hpp>
#include <fid/io/stream.hpp>
#include <fid/reactor/reactor.hpp>
#include <fid/task/race.hpp>

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace fid {
namespace {

using test::run_test;
using test::turns;

static_assert(AsyncRead<SplitReadHalf<DuplexStream>> && AsyncWrite<SplitWriteHalf<DuplexStream>>);
static_assert(AsyncStream<Join<BytesReader, BufferWriter>>);
static_assert(!AsyncBufRead<Join<BytesReader, BufferWriter>>);
static_assert(AsyncBufRead<Join<BufReader<BytesReader>, BufferWriter>>);
// References and owning pointers are streams as well.
static_assert(AsyncStream<DuplexStream&> && AsyncStream<StreamPtr>);
static_assert(AsyncStream<SplitReadHalf<StreamPtr>> == false &&
              AsyncRead<SplitReadHalf<StreamPtr>>);

TEST(Split, HalvesReadAndWriteOneStream) {
  run_test([]() -> Task<void> {
    auto [near, far] = duplex(16);
    auto [reader, writer] = split(std::move(near));
    co_await write_all(writer, as_bytes("out"));
    EXPECT_EQ(co_await test::read_text(far, 3), "out");
    co_await write_all(far, as_bytes("in"));
    EXPECT_EQ(co_await test::read_text(reader, 2), "in");
  });
}

TEST(Split, DroppingTheWritingHalfDoesNotEndTheStream) {
  run_test([]() -> Task<void> {
    auto [near, far] = duplex(16);
    auto halves = split(std::move(near));
    { const auto dropped = std::move(halves.second); }
    std::array<std::byte, 4> buffer;
    const auto first = co_await race(far.read(buffer), turns(4));
    EXPECT_EQ(first.index(), 1U);
    { const auto dropped = std::move(halves.first); }
    EXPECT_EQ(co_await far.read(buffer), 0U);
  });
}

TEST(Split, HalvesKnowEachOtherAndGiveTheStreamBack) {
  run_test([]() -> Task<void> {
    auto [near, far] = duplex(16);
    auto [reader, writer] = split(std::move(near));
    auto [other_reader, other_writer] = split(std::move(far));
    EXPECT_TRUE(reader.is_pair_of(writer));
    EXPECT_TRUE(writer.is_pair_of(reader));
    EXPECT_FALSE(reader.is_pair_of(other_writer));
    DuplexStream whole = std::move(reader).unsplit(std::move(writer));
    co_await write_all(whole, as_bytes("whole"));
    EXPECT_EQ(co_await test::read_text(other_reader, 5), "whole");
  });
}

TEST(SplitDeathTest, UnsplittingStrangersNamesTheCaller) {
  const auto reactor = Reactor::create().value();
  auto [near, far] = duplex(1);
  auto one = split(std::move(near));
  auto other = split(std::move(far));
  EXPECT_DEATH(static_cast<void>(std::move(one.first).unsplit(std::move(other.second))),
               "split_join_test.cpp");
}

TEST(Join, EachCallGoesToItsPart) {
  run_test([]() -> Task<void> {
    Buffer written;
    auto both = join(BytesReader(as_bytes("read this")), BufferWriter(written));
    co_await write_all(both, as_bytes("and write that"));
    EXPECT_EQ(co_await test::read_all_text(both), "read this");
    EXPECT_EQ(as_text(written), "and write that");
    EXPECT_TRUE(both.reader().left().empty());
    both.reader_mut() = BytesReader(as_bytes("more"));
    Buffer elsewhere;
    both.writer_mut() = BufferWriter(elsewhere);
    co_await write_all(both, as_bytes("there"));
    EXPECT_EQ(as_text(elsewhere), "there");
    auto [reader, writer] = std::move(both).into_inner();
    EXPECT_EQ(as_text(reader.left()), "more");
  });
}

TEST(Join, PartsMayBeReferencesAndPointers) {
  run_test([]() -> Task<void> {
    auto [a, b] = duplex(16);
    const StreamPtr owned = make_stream(std::move(b));
    auto [c, d] = duplex(16);
    auto both = join(d, *owned);
    co_await write_all(c, as_bytes("through"));
    EXPECT_EQ(co_await test::read_text(both, 7), "through");
    co_await write_all(both, as_bytes("and out"));
    EXPECT_EQ(co_await test::read_text(a, 7), "and out");
  });
}

TEST(Join, CanBeRelayed) {
  run_test([]() -> Task<void> {
    Buffer written;
    auto one = join(BytesReader(as_bytes("from memory")), BufferWriter(written));
    auto [near, far] = duplex(4);
    StreamPtr stream = make_stream(std::move(near));
    auto peer = [](DuplexStream& end) -> Task<std::string> {
      co_await write_all(end, as_bytes("to memory"));
      co_await end.shutdown();
      co_return co_await test::read_all_text(end);
    };
    auto relayed = co_await all(copy_bidirectional(one, stream), peer(far));
    EXPECT_EQ(std::get<0>(relayed).b_to_a, 9U);
    EXPECT_EQ(std::get<1>(relayed), "from memory");
    EXPECT_EQ(as_text(written), "to memory");
  });
}

}  // namespace
}  // namespace fid
