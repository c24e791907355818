// SPDX-License-Identifier: MIT
#include "support/code_of.hpp"
#include "support/handle_stream.hpp"
#include "support/holding.hpp"
#include "support/pattern.hpp"
#include "support/run_test.hpp"
#include "support/turns.hpp"

#include <fid/io/copy.hpp>
#include <fid/io/duplex.hpp>
#include <fid/io/memory.hpp>
#include <fid/io/ops.hpp>
#include <fid/task/race.hpp>
#include <fid/task/task_group.hpp>

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>

namespace fid {
namespace {

using test::code_of;
using test::Holding;
using test::Manners;
using test::run_test;
using test::turns;

TEST(Copy, MovesEverythingAndGivesTheCount) {
  run_test([]() -> Task<void> {
    const std::string text(100'000, 'x');
    BytesReader from(as_bytes(text));
    Buffer buffer;
    BufferWriter to(buffer);
    EXPECT_EQ(co_await copy(from, to), text.size());
    EXPECT_EQ(as_text(buffer), text);
  });
}

TEST(Copy, DoesNotEndTheWriter) {
  run_test([]() -> Task<void> {
    auto [near, far] = duplex(8);
    BytesReader from(as_bytes("abc"));
    EXPECT_EQ(co_await copy(from, near), 3U);
    co_await write_all(near, as_bytes("def"));
    std::array<std::byte, 6> buffer;
    co_await read_exact(far, buffer);
    EXPECT_EQ(as_text(buffer), "abcdef");
  });
}

Task<void> copy_to(Stream& from, Stream& to, std::uint64_t& count) {
  count = co_await copy(from, to);
}

TEST(Copy, FlushesWhileTheReaderHasNothing) {
  run_test([]() -> Task<void> {
    auto [a, in] = duplex(64);
    auto [out, b] = duplex(2);
    const StreamPtr from = make_stream(std::move(in));
    const StreamPtr to = make_stream(std::move(out));
    Holding holding(*to);
    TaskGroup group;
    std::uint64_t count = 0;
    group.add(copy_to(*from, holding, count));
    co_await write_all(a, as_bytes("question"));
    // The copy is not at its end, and yet all of it arrives.
    std::array<std::byte, 8> buffer;
    co_await read_exact(b, buffer);
    EXPECT_EQ(as_text(buffer), "question");
    co_await a.shutdown();
    co_await group.join();
    EXPECT_EQ(count, 8U);
  });
}

TEST(Copy, ReadsMoreWhileTheWriterIsFull) {
  run_test([]() -> Task<void> {
    auto [a, in] = duplex(4);
    auto [out, b] = duplex(1);
    const StreamPtr from = make_stream(std::move(in));
    const StreamPtr to = make_stream(std::move(out));
    TaskGroup group;
    std::uint64_t count = 0;
    group.add(copy_to(*from, *to, count));
    // Nobody reads; what is not in either pipe is in the copy's own buffer.
    const std::string text(1000, 'x');
    co_await write_all(a, as_bytes(text));
    co_await a.shutdown();
    Buffer got(text.size());
    co_await read_exact(b, got);
    co_await group.join();
    EXPECT_EQ(count, text.size());
  });
}

TEST(Copy, FailsWithWhatEitherSideFailedWith) {
  run_test([]() -> Task<void> {
    auto [a, in] = duplex(8);
    const StreamPtr from = make_stream(std::move(in));
    Holding broken(*from);
    broken.break_reading();
    Buffer buffer;
    BufferWriter anywhere(buffer);
    co_await write_all(a, as_bytes("x"));
    EXPECT_EQ(code_of(co_await as_result(copy(broken, anywhere))), std::errc::io_error);
    std::array<std::byte, 2> room;
    BytesWriter small(room);
    BytesReader three(as_bytes("abc"));
    EXPECT_EQ(code_of(co_await as_result(copy(three, small))), Errc::write_zero);
  });
}

TEST(Copy, GivesWayToOthersWhileThereIsAlwaysMore) {
  run_test([]() -> Task<void> {
    struct Endless : Reads<Endless> {
      Result<std::size_t> attempt_read(MutableBytes into) { return into.size(); }
      Readiness& read_readiness() { return always_ready(); }
    } endless;
    struct Nowhere : Writes<Nowhere> {
      Result<std::size_t> attempt_write(Bytes from) { return from.size(); }
      Result<void> attempt_flush() { return {}; }
      Result<void> attempt_shutdown() { return {}; }
      Readiness& write_readiness() { return always_ready(); }
    } nowhere;
    const auto first = co_await race(copy(endless, nowhere), turns());
    EXPECT_EQ(first.index(), 1U);
  });
}

TEST(Copy, CanBeCancelledWhileItWaits) {
  run_test([]() -> Task<void> {
    auto [a, in] = duplex(8);
    auto [out, b] = duplex(2);
    const auto reading = co_await race(copy(in, out), turns());
    EXPECT_EQ(reading.index(), 1U);
    co_await write_all(a, as_bytes("abcdef"));
    const auto writing = co_await race(copy(in, out), turns());
    EXPECT_EQ(writing.index(), 1U);
    std::array<std::byte, 8> buffer;
    EXPECT_EQ(co_await b.read(buffer), 2U);
    EXPECT_EQ(co_await a.write(as_bytes("z")), 1U);
  });
}

TEST(Copy, FailsWhenTheReactorStops) {
  std::optional<Result<std::uint64_t>> result;
  auto watch = [&result](Stream& from, Stream& to) -> Task<void> {
    result.emplace(co_await as_result(copy(from, to)));
  };
  auto reactor = Reactor::create().value();
  auto sockets = test::socket_handles();
  const StreamPtr stream = make_stream(test::HandleStream(std::move(sockets.first)));
  {
    TaskGroup group;
    group.add(watch(*stream, *stream));
    reactor.reset();
  }
  EXPECT_TRUE(result.has_value());
  EXPECT_EQ(code_of(*result), Errc::reactor_stopped);
}

TEST(Copy, FailsWhenTheReactorStopsWhileTheWriterIsFull) {
  auto reactor = Reactor::create().value();
  auto [a, in] = duplex(8);
  auto [out, b] = duplex(2);
  EXPECT_EQ(a.attempt_write(as_bytes("abcdef")), 6U);
  EXPECT_TRUE(a.attempt_shutdown());
  std::error_code code;
  const auto watch = [&code](DuplexStream& from, DuplexStream& to) -> Task<void> {
    const auto result = co_await as_result(copy(from, to));
    code = code_of(result);
  };
  TaskGroup group;
  group.add(watch(in, out));
  EXPECT_EQ(group.size(), 1U);
  reactor.reset();
  EXPECT_EQ(code, Errc::reactor_stopped);
}

TEST(Copy, TakesAwayTheReadinessThatACallFoundToBeOver) {
  run_test([]() -> Task<void> {
    auto [a, in] = duplex(8);
    auto [out, b] = duplex(8);
    co_await write_all(a, as_bytes("abc"));
    const auto waiting = co_await race(copy(in, out), turns());
    EXPECT_EQ(waiting.index(), 1U);
    EXPECT_FALSE(in.read_readiness().has(Interest::readable));
  });
}

TEST(Copy, EveryByteArrivesInOrderWhateverTheSizes) {
  for (std::uint32_t seed = 1; seed <= 10; ++seed) {
    run_test([seed]() -> Task<void> {
      auto [a_end, in] = duplex(seed * 977 % 5000 + 1);
      auto [out, b_end] = duplex(seed * 3571 % 20000 + 1);
      const StreamPtr a = make_stream(std::move(a_end));
      const StreamPtr from = make_stream(std::move(in));
      StreamPtr to = make_stream(std::move(out));
      const StreamPtr b = make_stream(std::move(b_end));
      TaskGroup group;
      std::uint64_t count = 0;
      auto relay = [](Stream& reader, StreamPtr& writer, std::uint64_t& moved) -> Task<void> {
        moved = co_await copy(reader, *writer);
        writer.reset();
      };
      const Manners source{seed, 4000, seed % 4};
      const Manners sink{seed + 50, 7000, seed % 5};
      group.add(relay(*from, to, count));
      group.add(test::write_pattern(*a, 300'000, source));
      EXPECT_EQ(co_await test::read_pattern(*b, sink), 300'000U);
      co_await group.join();
      EXPECT_EQ(count, 300'000U);
    });
  }
}

}  // namespace
}  // namespace fid
