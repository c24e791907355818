// SPDX-License-Identifier: MIT
#include "service/remote.hpp"

#include "support/run_test.hpp"
#include "support/turns.hpp"

#include <fid/task/event.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <thread>
#include <vector>

namespace fid::service {
namespace {

using test::run_test;
using test::turns;

struct Notes {
  std::vector<int> numbers;
  std::thread::id written_by;
  Event changed;

  void add(int number) {
    numbers.push_back(number);
    written_by = std::this_thread::get_id();
    changed.set();
  }
};

TEST(Remote, ActsInOrderOnTheThreadOfItsObject) {
  run_test([]() -> Task<void> {
    Notes notes;
    const Reachable reachable(notes);
    std::thread other([remote = reachable.remote()] {
      for (int number = 1; number <= 3; ++number) {
        remote.post([number](Notes& there) { there.add(number); });
      }
    });
    other.join();
    EXPECT_TRUE(notes.numbers.empty());
    co_await notes.changed.wait();
    EXPECT_EQ(notes.numbers, (std::vector{1, 2, 3}));
    EXPECT_EQ(notes.written_by, std::this_thread::get_id());
  });
}

TEST(Remote, WakesAThreadThatWaits) {
  run_test([]() -> Task<void> {
    Notes notes;
    const Reachable reachable(notes);
    std::thread other(
        [remote = reachable.remote()] { remote.post([](Notes& there) { there.add(1); }); });
    co_await notes.changed.wait();
    other.join();
    EXPECT_EQ(notes.numbers, std::vector{1});
  });
}

TEST(Remote, OfWhatHasGoneDropsWhatIsPosted) {
  run_test([]() -> Task<void> {
    int calls = 0;
    std::optional<Remote<int>> remote;
    {
      const Reachable reachable(calls);
      remote = reachable.remote();
      remote->post([](int& count) { ++count; });
    }
    remote->post([](int& count) { ++count; });
    co_await turns(3);
    EXPECT_EQ(calls, 0);
  });
}

TEST(Remote, OfAReactorThatHasGoneDropsWhatIsPosted) {
  int calls = 0;
  std::optional<Remote<int>> remote;
  run_test([&]() -> Task<void> {
    const Reachable reachable(calls);
    remote = reachable.remote();
    co_return;
  });
  remote->post([](int& count) { ++count; });
  EXPECT_EQ(calls, 0);
}

}  // namespace
}  // namespace fid::service
