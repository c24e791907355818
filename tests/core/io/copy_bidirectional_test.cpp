// SPDX-License-Identifier: MIT
#include "support/code_of.hpp"
#include "support/handle_stream.hpp"
#include "support/pattern.hpp"
#include "support/run_test.hpp"
#include "support/stream_text.hpp"
#include "support/turns.hpp"

#include <fid/io/copy_bidirectional.hpp>
#include <fid/io/duplex.hpp>
#include <fid/io/ops.hpp>
#include <fid/reactor/reactor.hpp>
#include <fid/reactor/soft_readiness.hpp>
#include <fid/task/race.hpp>
#include <fid/task/task_group.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>

namespace fid {
namespace {

using test::code_of;
using test::Manners;
using test::run_test;
using test::turns;

/// near -- [ a <=> b ] -- far, with a copy running between a and b.
struct Relay {
  StreamPtr near;
  StreamPtr a;
  StreamPtr b;
  StreamPtr far;
  std::optional<Result<CopyCounts>> result;
  TaskGroup running;
};

Task<void> run_copy(Relay& relay) {
  relay.result.emplace(co_await as_result(copy_bidirectional(*relay.a, *relay.b)));
}

using Body = std::function<Task<void>(Stream& near, Stream& far, Relay& relay)>;

/// Runs the body with the relay's ends one way round and then the other.
void in_both_directions(const Body& body, std::size_t capacity = 64) {
  for (const bool swapped : {false, true}) {
    run_test([&]() -> Task<void> {
      auto [near, a] = duplex(capacity);
      auto [b, far] = duplex(capacity);
      Relay relay;
      relay.near = make_stream(std::move(near));
      relay.a = make_stream(std::move(a));
      relay.b = make_stream(std::move(b));
      relay.far = make_stream(std::move(far));
      relay.running.add(run_copy(relay));
      auto test =
          swapped ? body(*relay.far, *relay.near, relay) : body(*relay.near, *relay.far, relay);
      co_await std::move(test);
    });
  }
}

TEST(CopyBidirectional, HandsOnTheEndOfOneStreamAndKeepsTheOtherOpen) {
  in_both_directions([](Stream& near, Stream& far, Relay& relay) -> Task<void> {
    co_await near.shutdown();
    EXPECT_EQ(co_await test::read_all_text(far), "");
    co_await write_all(far, as_bytes("still here"));
    EXPECT_EQ(co_await test::read_text(near, 10), "still here");
    EXPECT_FALSE(relay.result);
    co_await far.shutdown();
    EXPECT_EQ(co_await test::read_all_text(near), "");
    co_await relay.running.join();
    EXPECT_TRUE(relay.result && relay.result->has_value());
  });
}

TEST(CopyBidirectional, CountsBothWays) {
  run_test([]() -> Task<void> {
    auto [near, a] = duplex(64);
    auto [b, far] = duplex(64);
    co_await write_all(near, as_bytes("12345"));
    co_await write_all(far, as_bytes("123"));
    co_await near.shutdown();
    co_await far.shutdown();
    const CopyCounts counts = co_await copy_bidirectional(a, b);
    EXPECT_EQ(counts.a_to_b, 5U);
    EXPECT_EQ(counts.b_to_a, 3U);
  });
}

TEST(CopyBidirectional, ABlockedDirectionDoesNotHoldUpTheOther) {
  in_both_directions([](Stream& near, Stream& far, Relay& relay) -> Task<void> {
    // Nobody reads at the far end: that direction fills up.
    const std::string flood(100'000, 'x');
    TaskGroup flooding;
    flooding.add(test::write_text(near, flood));
    co_await turns(100);
    EXPECT_EQ(flooding.size(), 1U);
    const std::string text = test::long_text(30'000);
    TaskGroup sending;
    sending.add(test::write_text(far, text));
    EXPECT_EQ(co_await test::read_text(near, text.size()), text);
    co_await sending.join();
    EXPECT_EQ(co_await test::read_text(far, flood.size()), flood);
    co_await flooding.join();
    EXPECT_FALSE(relay.result);
  });
}

TEST(CopyBidirectional, AnErrorEndsBothAtOnceAndEndsNoStream) {
  in_both_directions([](Stream& near, Stream&, Relay& relay) -> Task<void> {
    StreamPtr& gone = &near == relay.near.get() ? relay.far : relay.near;
    gone.reset();
    // Its end was handed on; writing to it is the error.
    EXPECT_EQ(co_await test::read_all_text(near), "");
    EXPECT_FALSE(relay.result);
    co_await write_all(near, as_bytes("x"));
    co_await relay.running.join();
    EXPECT_TRUE(relay.result.has_value());
    EXPECT_EQ(code_of(*relay.result), std::errc::broken_pipe);
  });
}

/// Reads and writes what it is told to, and counts.
class Told final : public Reads<Told>, public Writes<Told> {
 public:
  Result<std::size_t> attempt_read(MutableBytes /*into*/) {
    const auto result = reads;
    reads = fail(std::errc::resource_unavailable_try_again, "read");
    return result;
  }
  Readiness& read_readiness() const noexcept { return *readable_; }
  Result<std::size_t> attempt_write(Bytes from) {
    written += from.size();
    return from.size();
  }
  Result<void> attempt_flush() { return flushes; }
  Result<void> attempt_shutdown() { return {}; }
  Readiness& write_readiness() const noexcept { return *writable_; }

  void gives(Result<std::size_t> result) {
    reads = std::move(result);
    readable_->set(Ready::readable);
  }

  Result<std::size_t> reads = fail(std::errc::resource_unavailable_try_again, "read");
  Result<void> flushes;
  std::size_t written = 0;

 private:
  SoftReadiness readable_{Readiness::Kind::stream};
  SoftReadiness writable_{Readiness::Kind::stream, Ready::writable};
};

using ToldCopy = CopyBidirectionalOp<Told, Told>;

Task<void> run_told(ToldCopy& copy, std::optional<Result<CopyCounts>>& result) {
  result.emplace(co_await copy.as_result());
}

TEST(CopyBidirectional, AfterAnErrorTheOtherDirectionMovesNothing) {
  run_test([]() -> Task<void> {
    Told a;
    Told b;
    ToldCopy copy(a, b, 64, 64);
    std::optional<Result<CopyCounts>> result;
    TaskGroup running;
    // What went to `a` is not flushed: that direction waits for more, and for that.
    a.flushes = fail(std::errc::resource_unavailable_try_again, "flush");
    b.gives(5);
    running.add(run_told(copy, result));
    a.gives(fail(std::errc::connection_reset, "read"));
    co_await turns(2);
    EXPECT_EQ(code_of(result.value()), std::errc::connection_reset);
    b.gives(7);
    co_await turns(2);
    a.write_readiness().set(Ready::writable);
    co_await turns(2);
    EXPECT_EQ(a.written, 5U);
  });
}

TEST(CopyBidirectional, CanBeCancelledAndLeavesTheStreamsUsable) {
  in_both_directions([](Stream& near, Stream& far, Relay& relay) -> Task<void> {
    co_await write_all(near, as_bytes("before"));
    EXPECT_EQ(co_await test::read_text(far, 6), "before");
    relay.running.cancel();
    co_await write_all(near, as_bytes("after"));
    Stream& inner = &near == relay.near.get() ? *relay.a : *relay.b;
    EXPECT_EQ(co_await test::read_text(inner, 5), "after");
  });
}

TEST(CopyBidirectional, WorksWithTheSmallestBuffers) {
  run_test([]() -> Task<void> {
    auto [near, a] = duplex(16);
    auto [b, far] = duplex(16);
    co_await write_all(near, as_bytes("0123456789"));
    co_await near.shutdown();
    co_await far.shutdown();
    const CopyCounts counts = co_await copy_bidirectional_with_sizes(a, b, 1, 3);
    EXPECT_EQ(counts.a_to_b, 10U);
    EXPECT_EQ(co_await test::read_text(far, 10), "0123456789");
  });
}

TEST(CopyBidirectionalDeathTest, ASizeOfZeroNamesTheCaller) {
  const auto reactor = Reactor::create().value();
  auto [a, b] = duplex(1);
  EXPECT_DEATH(static_cast<void>(copy_bidirectional_with_sizes(a, b, 0, 1)),
               "copy_bidirectional_test.cpp");
}

Task<void> expect_pattern(Stream& from, std::uint64_t total, Manners manners) {
  EXPECT_EQ(co_await test::read_pattern(from, manners), total);
}

TEST(CopyBidirectional, EveryByteArrivesBothWaysOverSockets) {
  for (std::uint32_t seed = 1; seed <= 4; ++seed) {
    run_test([seed]() -> Task<void> {
      auto left = test::socket_handles();
      auto right = test::tcp_handles();
      Relay relay;
      relay.near = make_stream(test::HandleStream(std::move(left.first)));
      relay.a = make_stream(test::HandleStream(std::move(left.second)));
      relay.b = make_stream(test::HandleStream(std::move(right.first)));
      relay.far = make_stream(test::HandleStream(std::move(right.second)));
      relay.running.add(run_copy(relay));
      TaskGroup group;
      const Manners one{seed, 30'000, seed % 3};
      const Manners other{seed + 9, 9'000, seed % 4};
      group.add(test::write_pattern(*relay.near, 900'000, one));
      group.add(test::write_pattern(*relay.far, 500'000, other));
      group.add(expect_pattern(*relay.far, 900'000, other));
      group.add(expect_pattern(*relay.near, 500'000, one));
      co_await group.join();
      co_await relay.running.join();
      EXPECT_TRUE(relay.result && relay.result->has_value());
    });
  }
}

}  // namespace
}  // namespace fid
