// SPDX-License-Identifier: MIT
#include "support/code_of.hpp"
#include "support/run_test.hpp"
#include "support/turns.hpp"

#include <fid/io/duplex.hpp>
#include <fid/io/join.hpp>
#include <fid/io/memory.hpp>
#include <fid/io/ops.hpp>
#include <fid/io/split.hpp>
#include <fid/io/stream.hpp>
#include <fid/net/unix_stream.hpp>
#include <fid/task/race.hpp>
#include <fid/task/task_group.hpp>

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace fid {
namespace {

using test::code_of;
using test::run_test;
using test::turns;

Task<void> write_text(DuplexStream& to, std::string what) {
  co_await write_all(to, as_bytes(what));
}

TEST(ReadExact, FillsTheBufferFromManyReadsAndLeavesTheRest) {
  run_test([]() -> Task<void> {
    auto [near, far] = duplex(3);
    TaskGroup group;
    group.add(write_text(near, "0123456789ab"));
    std::array<std::byte, 10> buffer;
    co_await read_exact(far, buffer);
    EXPECT_EQ(as_text(buffer), "0123456789");
    std::array<std::byte, 4> rest;
    const std::size_t count = co_await far.read(rest);
    EXPECT_GE(count, 1U);
    EXPECT_EQ(rest[0], std::byte{'a'});
  });
}

TEST(ReadExact, AnEndBeforeThatIsAnError) {
  run_test([]() -> Task<void> {
    auto [near, far] = duplex(8);
    co_await write_all(near, as_bytes("abc"));
    co_await near.shutdown();
    std::array<std::byte, 4> buffer;
    EXPECT_EQ(code_of(co_await as_result(read_exact(far, buffer))), Errc::unexpected_eof);
  });
}

TEST(ReadExact, OfNothingDoesNotWait) {
  run_test([]() -> Task<void> {
    auto [near, far] = duplex(8);
    co_await read_exact(far, MutableBytes());
  });
}

TEST(ReadToEnd, AppendsEverything) {
  run_test([]() -> Task<void> {
    auto [near, far] = duplex(7);
    const std::string text(100'000, 'x');
    TaskGroup group;
    auto send = [](DuplexStream& to, const std::string& what) -> Task<void> {
      co_await write_all(to, as_bytes(what));
      co_await to.shutdown();
    };
    group.add(send(near, text));
    Buffer buffer(2, std::byte{'>'});
    EXPECT_EQ(co_await read_to_end(far, buffer), text.size());
    EXPECT_EQ(as_text(buffer), ">>" + text);
  });
}

TEST(ReadToEnd, KeepsWhatWasReadWhenCancelled) {
  run_test([]() -> Task<void> {
    auto [near, far] = duplex(8);
    co_await write_all(near, as_bytes("abc"));
    Buffer buffer;
    const auto first = co_await race(read_to_end(far, buffer), turns());
    EXPECT_EQ(first.index(), 1U);
    EXPECT_EQ(as_text(buffer), "abc");
  });
}

TEST(ReadToEnd, GivesWayToOthersWhileThereIsAlwaysMore) {
  run_test([]() -> Task<void> {
    struct Endless : Reads<Endless> {
      Result<std::size_t> attempt_read(MutableBytes into) {
        if (stop) return 0;
        into[0] = std::byte{'x'};
        return 1;
      }
      Readiness& read_readiness() { return always_ready(); }
      bool stop = false;
    } endless;
    TaskGroup group;
    auto stop = [](bool& flag) -> Task<void> {
      co_await yield_now();
      flag = true;
    };
    group.add(stop(endless.stop));
    Buffer buffer;
    EXPECT_GT(co_await read_to_end(endless, buffer), 0U);
  });
}

TEST(ReadBufOp, FillsTheRoomAndNoMore) {
  run_test([]() -> Task<void> {
    auto [near, far] = duplex(8);
    co_await write_all(near, as_bytes("abcdef"));
    std::array<std::byte, 4> storage;
    ReadBuf buffer = ReadBuf::uninit(storage);
    EXPECT_EQ(co_await read_buf(far, buffer), 4U);
    EXPECT_EQ(as_text(buffer.filled()), "abcd");
    // There is no room: it neither reads nor waits.
    EXPECT_EQ(co_await read_buf(far, buffer), 0U);
    buffer.clear();
    EXPECT_EQ(co_await read_buf(far, buffer), 2U);
  });
}

TEST(WriteAll, WritesEverythingAsTheReaderMakesRoom) {
  run_test([]() -> Task<void> {
    auto [near, far] = duplex(3);
    TaskGroup group;
    group.add(write_text(near, "0123456789"));
    std::array<std::byte, 10> buffer;
    co_await read_exact(far, buffer);
    EXPECT_EQ(as_text(buffer), "0123456789");
    co_await group.join();
  });
}

TEST(WriteAll, AWriterThatTakesNothingMoreIsAnError) {
  run_test([]() -> Task<void> {
    std::array<std::byte, 3> room;
    BytesWriter writer(room);
    EXPECT_EQ(code_of(co_await as_result(write_all(writer, as_bytes("abcd")))), Errc::write_zero);
    EXPECT_EQ(as_text(writer.written()), "abc");
  });
}

TEST(WriteAll, OfNothingDoesNotWait) {
  run_test([]() -> Task<void> {
    auto [near, far] = duplex(1);
    co_await write_all(near, as_bytes("x"));
    co_await write_all(near, Bytes());
  });
}

TEST(WriteAll, WorksOnAnyStream) {
  run_test([]() -> Task<void> {
    auto [near, far] = duplex(8);
    const StreamPtr stream = make_stream(std::move(near));
    co_await write_all(*stream, as_bytes("any"));
    std::array<std::byte, 3> buffer;
    co_await read_exact(far, buffer);
    EXPECT_EQ(as_text(buffer), "any");
  });
}

TEST(Cursor, PassesOverEmptyPieces) {
  const std::array<Bytes, 4> pieces{Bytes(), as_bytes("ab"), Bytes(), as_bytes("cde")};
  Cursor cursor{std::span<const Bytes>(pieces)};
  EXPECT_EQ(cursor.remaining(), 5U);
  EXPECT_EQ(as_text(cursor.chunk()), "ab");
  cursor.advance(1);
  EXPECT_EQ(as_text(cursor.chunk()), "b");
  cursor.advance(2);
  EXPECT_EQ(as_text(cursor.chunk()), "de");
  cursor.advance(2);
  EXPECT_TRUE(cursor.empty());
}

TEST(CursorDeathTest, GoingPastTheEndNamesTheCaller) {
  Cursor cursor(as_bytes("ab"));
  EXPECT_DEATH(cursor.advance(3), "ops_test.cpp");
}

/// Takes several buffers at once, a few bytes a call.
struct PiecesWriter : Writes<PiecesWriter> {
  Result<std::size_t> attempt_write(Bytes from) {
    text += as_text(from);
    return from.size();
  }
  Result<std::size_t> attempt_write_vectored(std::span<const Bytes> pieces) {
    ++vectored;
    std::size_t room = 4;
    for (const Bytes& piece : pieces) {
      const std::size_t count = std::min(room, piece.size());
      text += as_text(piece.first(count));
      room -= count;
    }
    return 4 - room;
  }
  Result<void> attempt_flush() { return {}; }
  Result<void> attempt_shutdown() { return {}; }
  Readiness& write_readiness() { return always_ready(); }

  std::string text;
  int vectored = 0;
};

TEST(WriteBuf, WritesSeveralPiecesAsOne) {
  run_test([]() -> Task<void> {
    PiecesWriter writer;
    const std::array<Bytes, 3> pieces{as_bytes("a"), as_bytes("bc"), as_bytes("defgh")};
    Cursor cursor{std::span<const Bytes>(pieces)};
    EXPECT_EQ(co_await write_buf(writer, cursor), 4U);
    EXPECT_EQ(writer.text, "abcd");
    EXPECT_EQ(writer.vectored, 1);
    EXPECT_EQ(cursor.remaining(), 4U);
    co_await write_all_buf(writer, cursor);
    EXPECT_EQ(writer.text, "abcdefgh");
    EXPECT_EQ(co_await write_buf(writer, cursor), 0U);
  });
}

TEST(WriteAllBuf, TheCursorTellsHowFarAFailedOneGot) {
  run_test([]() -> Task<void> {
    std::array<std::byte, 3> room;
    BytesWriter writer(room);
    Cursor cursor(as_bytes("abcde"));
    EXPECT_EQ(code_of(co_await as_result(write_all_buf(writer, cursor))), Errc::write_zero);
    EXPECT_EQ(as_text(cursor.chunk()), "de");
  });
}

TEST(WriteAllBuf, ACancelledOneCanBeResumed) {
  run_test([]() -> Task<void> {
    auto [near, far] = duplex(4);
    Cursor cursor(as_bytes("0123456789"));
    const auto first = co_await race(write_all_buf(near, cursor), turns());
    EXPECT_EQ(first.index(), 1U);
    EXPECT_EQ(cursor.remaining(), 6U);
    TaskGroup group;
    auto resume = [](DuplexStream& to, Cursor& rest) -> Task<void> {
      co_await write_all_buf(to, rest);
    };
    group.add(resume(near, cursor));
    std::array<std::byte, 10> buffer;
    co_await read_exact(far, buffer);
    EXPECT_EQ(as_text(buffer), "0123456789");
  });
}

TEST(ReadBufOp, AppendsToABufferThatGrows) {
  run_test([]() -> Task<void> {
    auto [near, far] = duplex(8);
    Buffer buffer;
    buffer.reserve(3);
    const auto cancelled = co_await race(read_buf(far, buffer), turns());
    EXPECT_EQ(cancelled.index(), 1U);
    EXPECT_TRUE(buffer.empty());
    co_await write_all(near, as_bytes("abcdefgh"));
    EXPECT_EQ(co_await read_buf(far, buffer), 3U) << "as much as there was room for";
    EXPECT_EQ(co_await read_buf(far, buffer), 5U) << "room is made when there is none";
    EXPECT_EQ(as_text(buffer), "abcdefgh");
    co_await near.shutdown();
    EXPECT_EQ(co_await read_buf(far, buffer), 0U);
    EXPECT_EQ(as_text(buffer), "abcdefgh");
  });
}

TEST(WriteVectored, GoesOutAsOneWhereTheWriterCan) {
  run_test([]() -> Task<void> {
    const std::array<Bytes, 3> pieces{as_bytes(""), as_bytes("bc"), as_bytes("defgh")};
    PiecesWriter together;
    EXPECT_TRUE(is_write_vectored(together));
    EXPECT_EQ(co_await together.write_vectored(pieces), 4U);
    EXPECT_EQ(together.text, "bcde");
    EXPECT_EQ(together.vectored, 1);
  });
}

TEST(WriteVectored, IsTheFirstThatIsNotEmptyElsewhere) {
  run_test([]() -> Task<void> {
    const std::array<Bytes, 3> pieces{as_bytes(""), as_bytes("bc"), as_bytes("defgh")};
    auto [near, far] = duplex(16);
    EXPECT_FALSE(is_write_vectored(near));
    EXPECT_EQ(co_await near.write_vectored(pieces), 2U);
    EXPECT_EQ(near.try_write_vectored(pieces), 2U);
    EXPECT_EQ(co_await near.write_vectored(std::span(pieces).first(1)), 0U);
    std::array<std::byte, 16> bytes;
    EXPECT_EQ(co_await far.read(bytes), 4U);
    EXPECT_EQ(as_text(Bytes(bytes).first(4)), "bcbc");
  });
}

TEST(WriteVectored, GoesThroughPointersHalvesAndJoins) {
  run_test([]() -> Task<void> {
    const std::array<Bytes, 2> pieces{as_bytes("abc"), as_bytes("def")};
    auto ends = co_await UnixStream::pair();
    StreamPtr stream = make_stream(std::move(ends.first));
    EXPECT_TRUE(stream->is_write_vectored());
    EXPECT_EQ(co_await stream->write_vectored(pieces), 6U);
    auto joined = join(BytesReader(as_bytes("")), stream);
    EXPECT_TRUE(is_write_vectored(joined));
    EXPECT_EQ(co_await joined.write_vectored(pieces), 6U);
    auto halves = split(std::move(stream));
    EXPECT_TRUE(is_write_vectored(halves.second));
    EXPECT_EQ(co_await halves.second.write_vectored(pieces), 6U);
    std::array<std::byte, 18> all;
    co_await read_exact(ends.second, all);
    EXPECT_EQ(as_text(all), "abcdefabcdefabcdef");

    auto [near, far] = duplex(16);
    const StreamPtr plain = make_stream(std::move(near));
    EXPECT_FALSE(is_write_vectored(*plain));
    EXPECT_EQ(co_await plain->write_vectored(pieces), 3U);
    Cursor cursor{std::span<const Bytes>(pieces)};
    EXPECT_EQ(co_await write_buf(*plain, cursor), 3U);
    EXPECT_EQ(cursor.remaining(), 3U);
  });
}

/// Moves one byte at a time and is always ready for the next.
struct OneByOne : Reads<OneByOne>, Writes<OneByOne> {
  Result<std::size_t> attempt_read(MutableBytes into) {
    into[0] = std::byte{'x'};
    return 1;
  }
  Readiness& read_readiness() { return always_ready(); }
  Result<std::size_t> attempt_write(Bytes /*from*/) { return 1; }
  Result<void> attempt_flush() { return {}; }
  Result<void> attempt_shutdown() { return {}; }
  Readiness& write_readiness() { return always_ready(); }
};

TEST(WholeTransfers, GiveWayToOthersWhileThereIsAlwaysMore) {
  run_test([]() -> Task<void> {
    OneByOne stream;
    Buffer bytes(1000);
    const auto read = co_await race(read_exact(stream, bytes), turns());
    EXPECT_EQ(read.index(), 1U);
    const auto written = co_await race(write_all(stream, bytes), turns());
    EXPECT_EQ(written.index(), 1U);
    Cursor cursor{Bytes(bytes)};
    const auto moved = co_await race(write_all_buf(stream, cursor), turns());
    EXPECT_EQ(moved.index(), 1U);
    EXPECT_LT(cursor.remaining(), bytes.size());
    co_await write_all_buf(stream, cursor);
    EXPECT_TRUE(cursor.empty());
  });
}

}  // namespace
}  // namespace fid
