// SPDX-License-Identifier: MIT
#include "support/run_test.hpp"

#include <fid/reactor/with_deadline.hpp>
#include <fid/task/event.hpp>
#include <fid/task/task_group.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <system_error>

namespace fid {
namespace {

using namespace std::chrono_literals;
using test::run_test;

Task<int> after_turns(int turns, int value) {
  for (int i = 0; i < turns; ++i) co_await yield_now();
  co_return value;
}

Task<void> failing_after(int turns) {
  for (int i = 0; i < turns; ++i) co_await yield_now();
  co_await fail(std::errc::connection_reset, "read");
}

/// Waits for `event`, and says when it is destroyed.
Task<void> wait_for(Event& event, bool& destroyed) {
  struct Note {
    bool& flag;
    explicit Note(bool& f) : flag(f) {}
    ~Note() { flag = true; }
  };
  const Note note(destroyed);
  co_await event.wait();
}

template <class T>
std::error_code code_of(const Result<T>& result) {
  return result ? std::error_code() : result.error().code;
}

TEST(WithDeadline, GivesTheValueInTime) {
  run_test([]() -> Task<void> {
    EXPECT_EQ(co_await with_deadline(1h, after_turns(0, 3)), 3);
    EXPECT_EQ(co_await with_deadline(1h, after_turns(2, 4)), 4);
    EXPECT_EQ(co_await with_deadline(std::nullopt, after_turns(2, 5)), 5);
    EXPECT_EQ(co_await with_deadline(Duration::max(), after_turns(2, 6)), 6);
    EXPECT_TRUE(Reactor::current().timers().empty());
  });
}

TEST(WithDeadline, PassesAFailureOn) {
  run_test([]() -> Task<void> {
    for (const int turns : {0, 2}) {
      const auto result = co_await as_result(with_deadline(1h, failing_after(turns)));
      EXPECT_EQ(code_of(result), std::errc::connection_reset);
    }
    EXPECT_TRUE(Reactor::current().timers().empty());
  });
}

TEST(WithDeadline, FailsAndCancelsWhenTheTimeIsUp) {
  run_test([]() -> Task<void> {
    for (const Duration time : {Duration(1ms), Duration::zero(), Duration(-1h)}) {
      Event never;
      bool destroyed = false;
      const auto result = co_await as_result(with_deadline(time, wait_for(never, destroyed)));
      EXPECT_EQ(code_of(result), Errc::deadline_passed);
      EXPECT_TRUE(destroyed);
    }
    EXPECT_TRUE(Reactor::current().timers().empty());
  });
}

TEST(WithDeadline, ATaskThatHasEndedIsNotTooLate) {
  run_test([]() -> Task<void> {
    EXPECT_EQ(co_await with_deadline(Duration::zero(), after_turns(0, 3)), 3);
  });
}

TEST(WithDeadline, ATaskThatIsDueFirstIsInTimeThoughBothAreInOneTurn) {
  run_test([]() -> Task<void> {
    EXPECT_TRUE(co_await as_result(with_deadline(1ms, sleep(1ms))));
    EXPECT_TRUE(Reactor::current().timers().empty());
  });
}

TEST(WithDeadline, ItsOwnerMayGoFirst) {
  run_test([]() -> Task<void> {
    Event never;
    bool destroyed = false;
    {
      TaskGroup group;
      group.add(with_deadline(1h, wait_for(never, destroyed)));
      EXPECT_EQ(Reactor::current().timers().size(), 1U);
    }
    EXPECT_TRUE(destroyed);
    EXPECT_TRUE(Reactor::current().timers().empty());
    co_return;
  });
}

TEST(WithDeadline, GivesWayThoughEachOfManyIsUpAtOnce) {
  run_test([]() -> Task<void> {
    bool others_ran = false;
    TaskGroup group;
    const auto other = [](bool& ran) -> Task<void> {
      co_await yield_now();
      ran = true;
    };
    group.add(other(others_ran));
    Event never;
    bool destroyed = false;
    for (int i = 0; i < 1000; ++i) {
      auto bounded = with_deadline(Duration::zero(), wait_for(never, destroyed));
      static_cast<void>(co_await as_result(std::move(bounded)));
    }
    EXPECT_TRUE(others_ran);
  });
}

TEST(WithDeadline, FailsWhenTheReactorStops) {
  std::error_code while_waiting;
  std::error_code afterwards;
  Event never;
  bool destroyed = false;
  const auto wait_twice = [&]() -> Task<void> {
    while_waiting = code_of(co_await as_result(with_deadline(1h, wait_for(never, destroyed))));
    afterwards = code_of(co_await as_result(with_deadline(1h, wait_for(never, destroyed))));
  };
  auto reactor = Reactor::create().value();
  TaskGroup group;
  group.add(wait_twice());
  reactor.reset();
  EXPECT_EQ(while_waiting, Errc::reactor_stopped);
  EXPECT_EQ(afterwards, Errc::reactor_stopped);
}

}  // namespace
}  // namespace fid
