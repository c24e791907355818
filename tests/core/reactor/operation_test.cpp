// SPDX-License-Identifier: MIT
#include "support/code_of.hpp"
#include "support/run_test.hpp"
#include "support/turns.hpp"

#include <fid/io/read_write.hpp>
#include <fid/reactor/operation.hpp>
#include <fid/reactor/soft_readiness.hpp>
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

Task<void> read_once(Scripted& from) {
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

}  // namespace
}  // namespace fid
