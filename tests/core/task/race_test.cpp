// SPDX-License-Identifier: MIT
#include "support/run_test.hpp"

#include <fid/reactor/sleep.hpp>
#include <fid/task/race.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

namespace fid {
namespace {

using namespace std::chrono_literals;
using test::run_test;

Task<int> after_turns(int turns, int value) {
  for (int i = 0; i < turns; ++i) co_await yield_now();
  co_return value;
}

Task<void> never(bool& destroyed) {
  struct Note {
    bool& flag;
    explicit Note(bool& f) : flag(f) {}
    ~Note() { flag = true; }
  };
  const Note note(destroyed);
  co_await sleep(Duration::max());
}

Task<void> yield_task() {
  co_await yield_now();
}

Task<void> failing_after(int turns) {
  for (int i = 0; i < turns; ++i) co_await yield_now();
  co_await fail(std::errc::connection_reset, "read");
}

TEST(All, GivesEveryValue) {
  run_test([]() -> Task<void> {
    const auto [a, b, c] = co_await all(after_turns(3, 1), after_turns(0, 2), yield_task());
    EXPECT_EQ(a, 1);
    EXPECT_EQ(b, 2);
    static_cast<void>(c);
  });
}

TEST(All, TheFirstFailureCancelsTheOthers) {
  run_test([]() -> Task<void> {
    bool destroyed = false;
    const auto result = co_await as_result(all(never(destroyed), failing_after(2)));
    EXPECT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, std::errc::connection_reset);
    EXPECT_TRUE(destroyed);
    EXPECT_TRUE(Reactor::current().timers().empty());
  });
}

TEST(All, TakesAnyNumberOfTasks) {
  run_test([]() -> Task<void> {
    std::vector<Task<void>> tasks;
    for (int i = 0; i < 10; ++i) tasks.push_back(yield_task());
    co_await all(std::move(tasks));
    co_await all(std::vector<Task<void>>());
  });
}

TEST(Race, TheFirstToEndWinsAndTheOthersAreCancelled) {
  run_test([]() -> Task<void> {
    bool destroyed = false;
    const auto first = co_await race(never(destroyed), after_turns(2, 5));
    EXPECT_EQ(first.index(), 1U);
    EXPECT_EQ(std::get<1>(first), 5);
    EXPECT_TRUE(destroyed);
    EXPECT_TRUE(Reactor::current().timers().empty());
  });
}

TEST(Race, AFailureThatComesFirstEndsIt) {
  run_test([]() -> Task<void> {
    const auto result = co_await as_result(race(failing_after(1), after_turns(9, 1)));
    EXPECT_FALSE(result.has_value());
  });
}

}  // namespace
}  // namespace fid
