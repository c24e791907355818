// SPDX-License-Identifier: MIT
#include "support/run_test.hpp"

#include <fid/reactor/sleep.hpp>
#include <fid/task/race.hpp>
#include <fid/task/task_group.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>

// Exceptions mean a bug or no memory. They end the coroutines they leave, and come out of the
// reactor's turn; what memory they leave behind the sanitizers tell.
namespace fid {
namespace {

using namespace std::chrono_literals;
using test::run_test;

struct Bug {};

Task<void> yield_task() {
  co_await yield_now();
}

Task<void> failing_later() {
  co_await yield_now();
  co_await fail(std::errc::io_error, "read");
}

Task<void> throwing_at_once() {
  const auto held = std::make_unique<int>(1);
  co_await Result<void>();
  throw Bug();
}

Task<void> throwing_later() {
  const auto held = std::make_unique<int>(1);
  co_await yield_now();
  throw Bug();
}

template <class F>
void expect_bug(F body) {
  EXPECT_THROW(run_test(std::move(body)), Bug);
}

TEST(Exceptions, LeaveATaskThatThrowsAtOnceOrLater) {
  expect_bug(throwing_at_once);
  expect_bug(throwing_later);
}

TEST(Exceptions, AreCaughtByTheAwaitingTaskIfThrownAtOnce) {
  run_test([]() -> Task<void> {
    bool caught = false;
    try {
      co_await throwing_at_once();
    } catch (const Bug&) {
      caught = true;
    }
    EXPECT_TRUE(caught);
  });
}

TEST(Exceptions, ComeOutOfTheTaskThatAwaitsOneThatWaited) {
  expect_bug([]() -> Task<void> {
    co_await yield_task();
    throw Bug();
  });
}

TEST(Exceptions, ComeOutOfATaskThatWasGivenAFailure) {
  expect_bug([]() -> Task<void> {
    const auto result = co_await as_result(failing_later());
    EXPECT_FALSE(result.has_value());
    throw Bug();
  });
}

TEST(Exceptions, ComeOutOfATaskThatRacedOthers) {
  expect_bug([]() -> Task<void> {
    co_await race(sleep(1h), yield_task());
    throw Bug();
  });
  expect_bug([]() -> Task<void> { co_await race(sleep(1h), throwing_later()); });
}

TEST(Exceptions, LeaveOthersThatWereToRunInTheSameTurn) {
  auto reactor = Reactor::create().value();
  TaskGroup group;
  group.add(throwing_later());
  group.add(yield_task());
  EXPECT_THROW(static_cast<void>(reactor->turn()), Bug);
  EXPECT_EQ(group.size(), 2U);
  EXPECT_TRUE(reactor->turn().has_value());
  EXPECT_EQ(group.size(), 1U);
}

}  // namespace
}  // namespace fid
