// SPDX-License-Identifier: MIT
#include <fid/reactor/timer_queue.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <random>
#include <vector>

namespace fid {
namespace {

class Noted final : public Timer {
 public:
  void run() override {}
  TimePoint at;
};

TEST(TimerQueue, ExpiresAHundredThousandInOrderWithSomeRemoved) {
  constexpr std::size_t count = 100'000;
  TimerQueue queue;
  std::mt19937 random(7);
  auto timers = std::make_unique<Noted[]>(count);
  for (std::size_t i = 0; i < count; ++i) {
    timers[i].at = TimePoint(std::chrono::nanoseconds(random()));
    queue.add(timers[i], timers[i].at);
  }
  for (std::size_t i = 0; i < count; i += 3) timers[i].disarm();
  LinkedList<Runnable> due;
  queue.expire(TimePoint::max(), due);
  EXPECT_TRUE(queue.empty());
  std::vector<TimePoint> order;
  while (!due.empty()) order.push_back(static_cast<Noted&>(due.pop_front()).at);
  EXPECT_EQ(order.size(), count - (count + 2) / 3);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST(TimerQueue, NextIsTheEarliestAndExpireLeavesWhatIsNotDue) {
  TimerQueue queue;
  Noted early;
  Noted late;
  queue.add(late, TimePoint(std::chrono::seconds(9)));
  queue.add(early, TimePoint(std::chrono::seconds(3)));
  EXPECT_EQ(queue.next(), TimePoint(std::chrono::seconds(3)));
  LinkedList<Runnable> due;
  queue.expire(TimePoint(std::chrono::seconds(3)), due);
  EXPECT_FALSE(early.is_armed());
  EXPECT_TRUE(late.is_armed());
  EXPECT_EQ(queue.size(), 1U);
}

TEST(TimerQueue, AddingAgainMovesTheDeadline) {
  TimerQueue queue;
  Noted timer;
  queue.add(timer, TimePoint(std::chrono::seconds(3)));
  queue.add(timer, TimePoint(std::chrono::seconds(5)));
  EXPECT_EQ(queue.size(), 1U);
  EXPECT_EQ(queue.next(), TimePoint(std::chrono::seconds(5)));
}

TEST(TimerQueue, ADestroyedTimerIsOutOfIt) {
  TimerQueue queue;
  {
    Noted timer;
    queue.add(timer, TimePoint::max());
  }
  EXPECT_TRUE(queue.empty());
}

}  // namespace
}  // namespace fid
