// SPDX-License-Identifier: MIT
#include "support/run_test.hpp"

#include <fid/task/task.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace fid {
namespace {

using test::run_test;

Task<int> immediate(int value) {
  co_return value;
}

Task<int> refused() {
  co_return fail(std::errc::connection_refused, "connect");
}

/// Notes when it goes; owns heap memory, so that a double destruction shows.
class Trace {
 public:
  Trace(std::vector<std::string>& log, std::string name)
      : log_(&log), name_(std::make_unique<std::string>(std::move(name))) {}
  Trace(Trace&&) noexcept = default;
  ~Trace() {
    if (name_) log_->push_back(*name_);
  }

 private:
  std::vector<std::string>* log_;
  std::unique_ptr<std::string> name_;
};

TEST(Task, GivesItsValueToTheOneAwaitingIt) {
  run_test([]() -> Task<void> { EXPECT_EQ(co_await immediate(7), 7); });
}

TEST(Task, AFailureEndsTheAwaitingTaskWithTheSameError) {
  run_test([]() -> Task<void> {
    bool reached = false;
    auto outer = [](bool& went_on) -> Task<int> {
      const int value = co_await refused();
      went_on = true;
      co_return value;
    };
    auto task = outer(reached);
    const auto result = co_await as_result(std::move(task));
    EXPECT_FALSE(reached);
    EXPECT_EQ(result.error().operation, "connect");
  });
}

TEST(Task, AFailureAfterWaitingEndsEveryTaskUpToTheOneThatAsksForResults) {
  run_test([]() -> Task<void> {
    auto deepest = []() -> Task<void> {
      co_await yield_now();
      co_await fail(std::errc::broken_pipe, "write");
    };
    auto middle = [](auto inner) -> Task<void> { co_await inner(); };
    auto task = middle(deepest);
    const auto result = co_await as_result(std::move(task));
    EXPECT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, std::errc::broken_pipe);
  });
}

TEST(Task, WhatAFailedTaskHeldIsGoneBeforeItsResultIsSeen) {
  run_test([]() -> Task<void> {
    std::vector<std::string> log;
    auto inner = [](std::vector<std::string>& out) -> Task<void> {
      const Trace trace(out, "inner");
      co_await yield_now();
      co_await fail(std::errc::broken_pipe, "write");
    };
    auto outer = [](std::vector<std::string>& out, auto child) -> Task<void> {
      const Trace trace(out, "outer");
      co_await child(out);
    };
    auto task = outer(log, inner);
    const auto result = co_await as_result(std::move(task));
    EXPECT_FALSE(result.has_value());
    EXPECT_EQ(log, (std::vector<std::string>{"inner", "outer"}));
  });
}

TEST(Task, DestroyingASuspendedTaskDestroysWhatItHoldsInnermostFirst) {
  run_test([]() -> Task<void> {
    std::vector<std::string> log;
    auto inner = [](std::vector<std::string>& out) -> Task<int> {
      const Trace trace(out, "inner");
      for (;;) co_await yield_now();
    };
    auto outer = [](std::vector<std::string>& out, auto child) -> Task<int> {
      const Trace trace(out, "outer");
      co_return co_await child(out);
    };
    {
      auto task = outer(log, inner);
      task.frame().promise().await_by(std::noop_coroutine(), nullptr);
      task.frame().resume();
      EXPECT_TRUE(log.empty());
    }
    EXPECT_EQ(log, (std::vector<std::string>{"inner", "outer"}));
    co_return;
  });
}

TEST(Task, MillionsOfAwaitsThatCompleteAtOnceDoNotDeepenTheStack) {
  run_test([]() -> Task<void> {
    int sum = 0;
    for (int i = 0; i < 2'000'000; ++i) sum += co_await immediate(1);
    EXPECT_EQ(sum, 2'000'000);
    for (int i = 0; i < 2'000'000; ++i) {
      const auto result = co_await as_result(refused());
      sum -= result ? 0 : 1;
    }
    EXPECT_EQ(sum, 0);
  });
}

TEST(Task, APlainResultCanBeAwaited) {
  run_test([]() -> Task<void> {
    EXPECT_EQ(co_await Result<std::string>("value"), "value");
    auto failing = []() -> Task<int> {
      co_return co_await Result<int>(fail(std::errc::invalid_argument, "parse"));
    };
    auto task = failing();
    const auto result = co_await as_result(std::move(task));
    EXPECT_FALSE(result.has_value());
  });
}

}  // namespace
}  // namespace fid
