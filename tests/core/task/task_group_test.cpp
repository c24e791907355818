// SPDX-License-Identifier: MIT
#include "support/run_test.hpp"

#include <fid/task/channel.hpp>
#include <fid/task/task_group.hpp>

#include <gtest/gtest.h>

#include <memory>

namespace fid {
namespace {

using test::run_test;

Task<void> count_down(int turns, int& left) {
  for (int i = 0; i < turns; ++i) co_await yield_now();
  --left;
}

TEST(TaskGroup, JoinWaitsForEveryMember) {
  run_test([]() -> Task<void> {
    int left = 3;
    TaskGroup group;
    for (int turns = 0; turns < 3; ++turns) group.add(count_down(turns, left));
    EXPECT_EQ(group.size(), 2U);
    co_await group.join();
    EXPECT_EQ(left, 0);
    EXPECT_TRUE(group.empty());
  });
}

TEST(TaskGroup, JoinReportsTheFirstFailureOnce) {
  run_test([]() -> Task<void> {
    TaskGroup group;
    auto failing = []() -> Task<void> {
      co_await yield_now();
      co_await fail(std::errc::broken_pipe, "write");
    };
    group.add(failing());
    const auto first = co_await as_result(group.join());
    EXPECT_FALSE(first.has_value());
    const auto second = co_await as_result(group.join());
    EXPECT_TRUE(second.has_value());
  });
}

TEST(TaskGroup, DestroyingItCancelsItsMembers) {
  run_test([]() -> Task<void> {
    auto held = std::make_shared<int>(1);
    {
      TaskGroup group;
      auto holding = [](std::shared_ptr<int>) -> Task<void> {
        for (;;) co_await yield_now();
      };
      group.add(holding(held));
      EXPECT_EQ(held.use_count(), 2);
    }
    EXPECT_EQ(held.use_count(), 1);
    co_return;
  });
}

TEST(Channel, AFullOneMakesTheSenderWait) {
  run_test([]() -> Task<void> {
    Channel<int> channel(2);
    TaskGroup group;
    auto producer = [](Channel<int>& to) -> Task<void> {
      for (int i = 0; i < 100; ++i) co_await to.send(i);
      to.close();
    };
    group.add(producer(channel));
    EXPECT_EQ(channel.size(), 2U);
    int expected = 0;
    while (auto value = co_await channel.receive()) EXPECT_EQ(*value, expected++);
    EXPECT_EQ(expected, 100);
    co_await group.join();
  });
}

TEST(TaskGroup, JoinReportsTheFirstOfSeveralFailures) {
  run_test([]() -> Task<void> {
    TaskGroup group;
    auto failing = [](std::errc how) -> Task<void> {
      co_await yield_now();
      co_await fail(how, "write");
    };
    group.add(failing(std::errc::broken_pipe));
    group.add(failing(std::errc::io_error));
    const auto joined = co_await as_result(group.join());
    EXPECT_EQ(joined.error().code, std::errc::broken_pipe);
  });
}

TEST(Channel, ClosingItTellsWhoWaits) {
  run_test([]() -> Task<void> {
    Channel<int> empty(1);
    Channel<int> full(1);
    int value = 1;
    EXPECT_TRUE(full.try_send(value));
    auto receive = [](Channel<int>& from) -> Task<void> {
      EXPECT_FALSE((co_await from.receive()).has_value());
    };
    auto send = [](Channel<int>& to) -> Task<void> {
      const auto sent = co_await as_result(to.send(2));
      EXPECT_FALSE(sent.has_value());
    };
    TaskGroup group;
    group.add(receive(empty));
    group.add(send(full));
    EXPECT_EQ(group.size(), 2U);
    empty.close();
    full.close();
    for (int turn = 0; turn < 4; ++turn) co_await yield_now();
    EXPECT_TRUE(group.empty());
  });
}

TEST(Channel, SendingIntoAClosedOneFails) {
  run_test([]() -> Task<void> {
    Channel<int> channel(1);
    channel.close();
    const auto result = co_await as_result(channel.send(1));
    EXPECT_EQ(result.error().code, std::errc::broken_pipe);
  });
}

TEST(Event, WakesEveryWaiterAndIsPassedByLaterOnes) {
  run_test([]() -> Task<void> {
    Event event;
    int woken = 0;
    TaskGroup group;
    auto waiter = [](Event& on, int& count) -> Task<void> {
      co_await on.wait();
      ++count;
    };
    for (int i = 0; i < 3; ++i) group.add(waiter(event, woken));
    event.set();
    co_await group.join();
    EXPECT_EQ(woken, 3);
    co_await event.wait();
  });
}

TEST(Event, RunsWhatWaitsWithoutACoroutine) {
  struct Count final : Runnable {
    void run() override { ++times; }
    int times = 0;
  };
  run_test([]() -> Task<void> {
    Event event;
    Count early, gone, late;
    event.wait(early);
    event.wait(gone);
    gone.unlink();
    event.set();
    event.wait(late);
    EXPECT_EQ(early.times + late.times, 0);
    co_await yield_now();
    EXPECT_EQ(early.times, 1);
    EXPECT_EQ(gone.times, 0);
    EXPECT_EQ(late.times, 1);
  });
}

}  // namespace
}  // namespace fid
