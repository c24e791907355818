// SPDX-License-Identifier: MIT
#include "support/code_of.hpp"
#include "support/run_test.hpp"
#include "support/turns.hpp"

#include <fid/io/adaptors.hpp>
#include <fid/io/read_write.hpp>
#include <fid/reactor/operation.hpp>
#include <fid/reactor/soft_readiness.hpp>
#include <fid/task/race.hpp>
#include <fid/task/task_group.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <deque>
#include <utility>

namespace fid {
namespace {

using test::code_of;
using test::run_test;
using test::turns;

/// Gives what it was told to, call by call, and then would block.
class Scripted : public Reads<Scripted> {
 public:
  explicit Scripted(std::deque<Result<std::size_t>> results) : results_(std::move(results)) {}

  Result<std::size_t> attempt_read(MutableBytes /*into*/) {
    if (results_.empty()) return fail(std::errc::resource_unavailable_try_again, "read");
    const Result<std::size_t> next = results_.front();
    results_.pop_front();
    return next;
  }
  Readiness& read_readiness() const noexcept { return *readiness_; }

 private:
  std::deque<Result<std::size_t>> results_;
  SoftReadiness readiness_{Readiness::Kind::stream};
};

template <class R>
Task<void> read_once(R& from) {
  std::array<std::byte, 8> room;
  co_await from.read(room);
}

TEST(Operation, TakesReadinessAwayOnlyWhenACallWouldHaveBlocked) {
  run_test([]() -> Task<void> {
    Scripted stream({8, 3, 0, fail(std::errc::connection_reset, "read")});
    const Ready both = Ready::readable | Ready::writable;
    stream.read_readiness().set(both);
    TaskGroup readers;
    for (int ended = 0; ended < 4; ++ended) {
      readers.add(read_once(stream));
      EXPECT_TRUE(readers.empty()) << ended;
      EXPECT_EQ(stream.read_readiness().ready(), both) << ended;
    }
    EXPECT_EQ(code_of(co_await as_result(readers.join())), std::errc::connection_reset);
    readers.add(read_once(stream));
    EXPECT_EQ(readers.size(), 1U);
    EXPECT_EQ(stream.read_readiness().ready(), Ready::writable);
  });
}

TEST(Operation, TryCallsTakeReadinessAwayOnlyWhenTheyWouldHaveBlocked) {
  run_test([]() -> Task<void> {
    Scripted stream({8, 3, 0, fail(std::errc::connection_reset, "read")});
    stream.read_readiness().set(Ready::readable);
    std::array<std::byte, 8> room;
    for (int i = 0; i < 4; ++i) {
      static_cast<void>(stream.try_read(room));
      EXPECT_EQ(stream.read_readiness().ready(), Ready::readable) << i;
    }
    EXPECT_EQ(code_of(stream.try_read(room)), std::errc::resource_unavailable_try_again);
    EXPECT_TRUE(stream.read_readiness().ready().is_empty());
    co_return;
  });
}

Task<void> wait_for(Readiness& readiness, Interest interest, int& woken) {
  co_await ReadyOp(readiness, interest);
  ++woken;
}

TEST(Operation, OneEventWakesEveryWaiterOfItsDirectionAndNoOther) {
  run_test([]() -> Task<void> {
    const SoftReadiness readiness(Readiness::Kind::stream);
    int readers = 0;
    int writers = 0;
    int either = 0;
    TaskGroup group;
    for (int i = 0; i < 5; ++i) {
      group.add(wait_for(*readiness, Interest::readable, readers));
      group.add(wait_for(*readiness, Interest::writable, writers));
    }
    group.add(wait_for(*readiness, Interest::readable | Interest::writable, either));
    readiness->set(Ready::readable);
    co_await turns(2);
    EXPECT_EQ(readers, 5);
    EXPECT_EQ(writers, 0);
    EXPECT_EQ(either, 1);
    readiness->set(Ready::write_closed);
    co_await turns(2);
    EXPECT_EQ(writers, 5);
  });
}

/// The same as a byte stream of the system's, whose short read has emptied it.
class Direct final : public Scripted, public Reads<Direct> {
 public:
  using Scripted::Scripted;
  using Reads<Direct>::read;
  Native native() const noexcept { return invalid_native; }
};

TEST(Operation, AShortReadMayTakeReadinessAwayButNotTheEndOfAStream) {
  run_test([]() -> Task<void> {
    Direct stream({0, 3});
    std::array<std::byte, 8> room;
    stream.read_readiness().set(Ready::readable);
    EXPECT_EQ(co_await stream.read(room), 0U);
    EXPECT_EQ(stream.read_readiness().ready(), Ready::readable);
    EXPECT_EQ(co_await stream.read(room), 3U);
    EXPECT_TRUE(stream.read_readiness().ready().is_empty());
  });
}

/// Becomes readable just as it says that it would block.
class Crossing final : public Reads<Crossing> {
 public:
  Result<std::size_t> attempt_read(MutableBytes /*into*/) {
    readiness_->set(Ready::readable);
    return fail(std::errc::resource_unavailable_try_again, "read");
  }
  Readiness& read_readiness() const noexcept { return *readiness_; }

 private:
  SoftReadiness readiness_{Readiness::Kind::stream, Ready::readable};
};

TEST(Operation, KeepsWhatIsReportedWhileTheCallIsMade) {
  run_test([]() -> Task<void> {
    Crossing stream;
    std::array<std::byte, 8> room;
    stream.read_readiness().set(Ready::readable);
    EXPECT_TRUE(stream.try_read(room).error().would_block());
    EXPECT_EQ(stream.read_readiness().ready(), Ready::readable);
    const auto waited = co_await race(stream.read(room), turns());
    EXPECT_EQ(waited.index(), 1U);
    EXPECT_EQ(stream.read_readiness().ready(), Ready::readable);
  });
}

TEST(Operation, ThatGoesOnToASecondPartTakesThatOnesReadinessAway) {
  run_test([]() -> Task<void> {
    // Of the second, more was reported than of the first.
    Scripted first({0});
    Scripted second({});
    first.read_readiness().set(Ready::readable);
    for (int reports = 0; reports < 3; ++reports) second.read_readiness().set(Ready::readable);
    auto both = chain(first, second);
    TaskGroup readers;
    readers.add(read_once(both));
    EXPECT_TRUE(second.read_readiness().ready().is_empty());
    co_return;
  });
}

TEST(Operation, ReadyGivesWhatWasAskedForAndHolds) {
  run_test([]() -> Task<void> {
    const SoftReadiness readiness(Readiness::Kind::stream);
    readiness->set(Ready::readable | Ready::writable | Ready::error);
    EXPECT_EQ(co_await ReadyOp(*readiness, Interest::readable), Ready::readable);
    EXPECT_EQ(co_await ReadyOp(*readiness, Interest::writable | Interest::priority),
              Ready::writable);
  });
}

TEST(Operation, ReadsAndWritesOfNothingWaitAsOthersDo) {
  run_test([]() -> Task<void> {
    struct Sink : Writes<Sink> {
      Result<std::size_t> attempt_write(Bytes from) { return from.size(); }
      Result<void> attempt_flush() { return {}; }
      Result<void> attempt_shutdown() { return {}; }
      Readiness& write_readiness() const noexcept { return *readiness; }
      SoftReadiness readiness{Readiness::Kind::stream};
    } sink;
    Scripted stream({0, 0});
    const auto read = co_await race(stream.read(MutableBytes()), turns());
    EXPECT_EQ(read.index(), 1U);
    const auto written = co_await race(sink.write(Bytes()), turns());
    EXPECT_EQ(written.index(), 1U);
    stream.read_readiness().set(Ready::readable);
    sink.write_readiness().set(Ready::writable);
    EXPECT_EQ(co_await stream.read(MutableBytes()), 0U);
    EXPECT_EQ(co_await sink.write(Bytes()), 0U);
  });
}

}  // namespace
}  // namespace fid
