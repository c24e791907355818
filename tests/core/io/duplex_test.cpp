// SPDX-License-Identifier: MIT
#include "support/code_of.hpp"
#include "support/run_test.hpp"
#include "support/turns.hpp"

#include <fid/io/duplex.hpp>
#include <fid/io/stream.hpp>
#include <fid/reactor/reactor.hpp>
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

static_assert(AsyncStream<DuplexStream>);

std::string text(MutableBytes bytes, std::size_t count) {
  return std::string(as_text(bytes.first(count)));
}

Task<void> write_text(DuplexStream& to, std::string what) {
  Bytes left = as_bytes(what);
  while (!left.empty()) left = left.subspan(co_await to.write(left));
}

TEST(Duplex, WhatOneEndWritesTheOtherReads) {
  run_test([]() -> Task<void> {
    auto [near, far] = duplex(64);
    std::array<std::byte, 64> buffer;
    EXPECT_EQ(co_await near.write(as_bytes("ping")), 4U);
    const std::size_t there = co_await far.read(buffer);
    EXPECT_EQ(text(buffer, there), "ping");
    EXPECT_EQ(co_await far.write(as_bytes("pong")), 4U);
    const std::size_t back = co_await near.read(buffer);
    EXPECT_EQ(text(buffer, back), "pong");
  });
}

TEST(Duplex, AWriterWaitsWhenFullAndGoesOnWhenRead) {
  run_test([]() -> Task<void> {
    auto [near, far] = duplex(4);
    TaskGroup group;
    group.add(write_text(near, "0123456789"));
    EXPECT_EQ(group.size(), 1U);
    std::string got;
    std::array<std::byte, 3> buffer;
    while (got.size() < 10) {
      const std::size_t count = co_await far.read(buffer);
      got += text(buffer, count);
    }
    EXPECT_EQ(got, "0123456789");
    co_await group.join();
  });
}

TEST(Duplex, ShutdownEndsOneDirectionOnly) {
  run_test([]() -> Task<void> {
    auto [near, far] = duplex(8);
    EXPECT_EQ(co_await near.write(as_bytes("last")), 4U);
    co_await near.shutdown();
    std::array<std::byte, 8> buffer;
    EXPECT_EQ(co_await far.read(buffer), 4U);
    EXPECT_EQ(co_await far.read(buffer), 0U);
    EXPECT_EQ(co_await far.read(buffer), 0U);
    EXPECT_EQ(co_await far.write(as_bytes("still")), 5U);
    EXPECT_EQ(co_await near.read(buffer), 5U);
    const auto late = co_await as_result(near.write(as_bytes("x")));
    EXPECT_EQ(code_of(late), std::errc::broken_pipe);
  });
}

TEST(Duplex, ADroppedEndIsReadToItsEndAndCannotBeWrittenTo) {
  run_test([]() -> Task<void> {
    auto [near, far] = duplex(8);
    EXPECT_EQ(co_await far.write(as_bytes("left")), 4U);
    { const DuplexStream dropped = std::move(far); }
    std::array<std::byte, 8> buffer;
    const std::size_t count = co_await near.read(buffer);
    EXPECT_EQ(text(buffer, count), "left");
    EXPECT_EQ(co_await near.read(buffer), 0U);
    const auto written = co_await as_result(near.write(as_bytes("x")));
    EXPECT_EQ(code_of(written), std::errc::broken_pipe);
    EXPECT_TRUE(near.write_readiness().ready().is_write_closed());
  });
}

Task<void> expect_broken_pipe(DuplexStream& to) {
  const auto written = co_await as_result(to.write(as_bytes("y")));
  EXPECT_EQ(code_of(written), std::errc::broken_pipe);
}

Task<void> expect_end(DuplexStream& from) {
  std::array<std::byte, 1> buffer;
  EXPECT_EQ(co_await from.read(buffer), 0U);
}

TEST(Duplex, DroppingAnEndWakesWhoWaitsOnTheOther) {
  run_test([]() -> Task<void> {
    auto [near, far] = duplex(1);
    EXPECT_EQ(co_await near.write(as_bytes("x")), 1U);
    TaskGroup group;
    group.add(expect_broken_pipe(near));
    group.add(expect_end(near));
    EXPECT_EQ(group.size(), 2U);
    { const DuplexStream dropped = std::move(far); }
    co_await group.join();
  });
}

TEST(Duplex, ACancelledReadHasTakenNothing) {
  run_test([]() -> Task<void> {
    auto [near, far] = duplex(8);
    std::array<std::byte, 8> buffer;
    const auto first = co_await race(far.read(buffer), turns());
    EXPECT_EQ(first.index(), 1U);
    EXPECT_EQ(co_await near.write(as_bytes("kept")), 4U);
    EXPECT_EQ(co_await far.read(buffer), 4U);
  });
}

TEST(Duplex, AReadOfNothingBlocksNever) {
  run_test([]() -> Task<void> {
    auto [near, far] = duplex(8);
    EXPECT_EQ(far.attempt_read(MutableBytes()), 0U);
    co_return;
  });
}

TEST(Duplex, TryCallsLookAtTheReadinessFirst) {
  const auto reactor = Reactor::create().value();
  auto [near, far] = duplex(2);
  std::array<std::byte, 8> buffer;
  EXPECT_TRUE(far.try_read(buffer).error().would_block());
  EXPECT_EQ(near.try_write(as_bytes("abc")), 2U);
  EXPECT_TRUE(near.try_write(as_bytes("c")).error().would_block());
  EXPECT_EQ(far.try_read(buffer), 2U);
  EXPECT_EQ(near.try_write(as_bytes("c")), 1U);
}

TEST(Duplex, WorksBehindAStreamPointer) {
  run_test([]() -> Task<void> {
    auto [near, far] = duplex(8);
    const StreamPtr stream = make_stream(std::move(near));
    EXPECT_FALSE(stream->read_handle());
    EXPECT_EQ(co_await stream->write(as_bytes("via")), 3U);
    std::array<std::byte, 8> buffer;
    EXPECT_EQ(co_await far.read(buffer), 3U);
  });
}

TEST(Duplex, TellsWhoWaitsThatTheReactorStops) {
  auto reactor = Reactor::create().value();
  auto ends = duplex(4);
  std::vector<std::error_code> codes;
  const auto reads = [](DuplexStream& from, std::vector<std::error_code>& out) -> Task<void> {
    std::array<std::byte, 4> bytes;
    out.push_back(code_of(co_await as_result(from.read(bytes))));
  };
  const auto writes = [](DuplexStream& to, std::vector<std::error_code>& out) -> Task<void> {
    co_await to.write(as_bytes("full"));
    out.push_back(code_of(co_await as_result(to.write(as_bytes("x")))));
  };
  TaskGroup group;
  group.add(reads(ends.first, codes));
  group.add(writes(ends.first, codes));
  reactor.reset();
  EXPECT_EQ(codes, std::vector<std::error_code>(2, make_error_code(Errc::reactor_stopped)));
}

TEST(DuplexDeathTest, PromisesBrokenNameTheCaller) {
  EXPECT_DEATH(static_cast<void>(duplex(1)), "duplex_test.cpp");
  const auto without_room = [] {
    run_test([]() -> Task<void> {
      static_cast<void>(duplex(0));
      co_return;
    });
  };
  EXPECT_DEATH(without_room(), "duplex_test.cpp");
}

}  // namespace
}  // namespace fid
