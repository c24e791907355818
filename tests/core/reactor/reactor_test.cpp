// SPDX-License-Identifier: MIT
#include "support/descriptor_leaks.hpp"
#include "support/no_new_threads.hpp"
#include "support/run_test.hpp"

#include <fid/base/os.hpp>
#include <fid/reactor/operation.hpp>
#include <fid/reactor/reactor.hpp>
#include <fid/reactor/sleep.hpp>
#include <fid/reactor/soft_readiness.hpp>
#include <fid/reactor/workers.hpp>
#include <fid/task/race.hpp>
#include <fid/task/task_group.hpp>

#include <gtest/gtest.h>

#include <fcntl.h>
#include <signal.h>

#include <array>
#include <chrono>
#include <future>
#include <string>
#include <thread>

namespace fid {
namespace {

using namespace std::chrono_literals;
using test::run_test;

/// One end of a socket pair, watched; the other is a plain handle.
struct Pair {
  Registration near;
  Handle far;

  static Pair make() {
    auto handles = os::socket_pair(os::SocketType::stream);
    auto near =
        Registration::create(std::move(handles->first), Interest::readable | Interest::writable);
    return {std::move(*near), std::move(handles->second)};
  }
};

Task<void> count_ready(Registration& on, int& woken) {
  co_await ReadyOp(on.readiness(), Interest::readable);
  ++woken;
}

TEST(Reactor, OneEventWakesEveryWaiterOfADirection) {
  run_test([]() -> Task<void> {
    Pair pair = Pair::make();
    int woken = 0;
    TaskGroup group;
    for (int i = 0; i < 3; ++i) group.add(count_ready(pair.near, woken));
    EXPECT_TRUE(os::send(pair.far.get(), as_bytes("x")).has_value());
    co_await group.join();
    EXPECT_EQ(woken, 3);
  });
}

TEST(Reactor, ReadinessStaysUntilACallReportsWouldBlock) {
  run_test([]() -> Task<void> {
    Pair pair = Pair::make();
    EXPECT_TRUE(os::send(pair.far.get(), as_bytes("x")).has_value());
    Readiness& readiness = pair.near.readiness();
    co_await ReadyOp(readiness, Interest::readable);
    std::array<std::byte, 8> bytes;
    EXPECT_EQ(os::recv(pair.near.native(), bytes).value(), 1U);
    EXPECT_TRUE(readiness.has(Interest::readable));
    const std::uint32_t seen = readiness.tick();
    EXPECT_TRUE(os::recv(pair.near.native(), bytes).error().would_block());
    readiness.clear(Interest::readable, seen);
    EXPECT_FALSE(readiness.has(Interest::readable));
  });
}

TEST(Reactor, AClearThatMissedANewerEventIsDropped) {
  Readiness readiness;
  readiness.set(Ready::readable);
  const std::uint32_t before = readiness.tick();
  readiness.set(Ready::readable);
  readiness.clear(Interest::readable, before);
  EXPECT_TRUE(readiness.has(Interest::readable));
  readiness.clear(Interest::readable);
  EXPECT_FALSE(readiness.has(Interest::readable));
}

TEST(Reactor, SleepsInOrderAndLeavesNoTimerWhenCancelled) {
  run_test([]() -> Task<void> {
    const auto start = Clock::now();
    co_await sleep(2ms);
    EXPECT_GE(Clock::now() - start, 2ms);
    co_await race(sleep(1ms), sleep(1h));
    EXPECT_TRUE(Reactor::current().timers().empty());
  });
}

TEST(Reactor, WakeFromAnotherThreadRunsWhatItPosted) {
  run_test([]() -> Task<void> {
    Event posted;
    auto mailbox = Reactor::current().mailbox();
    std::thread other([&] { mailbox->post([&] { posted.set(); }); });
    co_await posted.wait();
    other.join();
  });
}

TEST(Workers, GiveTheResultOfWhatCanOnlyBlock) {
  run_test([]() -> Task<void> {
    const auto id = std::this_thread::get_id();
    const bool elsewhere =
        co_await on_worker([id]() -> Result<bool> { return std::this_thread::get_id() != id; });
    EXPECT_TRUE(elsewhere);
    auto failing = on_worker([]() -> Result<int> { return fail(std::errc::io_error, "read"); });
    const auto result = co_await as_result(std::move(failing));
    EXPECT_EQ(result.error().code, std::errc::io_error);
  });
}

TEST(Workers, ReportThatNoThreadCanBeStartedAndDropTheJob) {
  run_test([]() -> Task<void> {
    const test::NoNewThreads none;
    const auto owned = std::make_shared<int>(1);
    auto job = on_worker([owned]() -> Result<int> { return *owned; });
    const auto result = co_await as_result(std::move(job));
    EXPECT_EQ(result.error().code, std::errc::resource_unavailable_try_again);
    EXPECT_FALSE(result.error().would_block());
    EXPECT_EQ(result.error().operation, "pthread_create");
    EXPECT_EQ(owned.use_count(), 1);
  });
}

TEST(Reactor, AnIdleOneDoesNotWakeUp) {
  run_test([]() -> Task<void> {
    const Pair pair = Pair::make();
    co_await yield_now();
    co_await sleep(1ms);  // takes in the first events: the pair is writable
    const auto before = Reactor::current().wake_ups();
    co_await sleep(1s);
    EXPECT_LE(Reactor::current().wake_ups() - before, 1U);
  });
}

TEST(Reactor, StoppingFailsEveryWaiter) {
  auto reactor = Reactor::create().value();
  Pair pair = Pair::make();
  std::vector<std::error_code> codes;
  auto waiter = [](Registration& on, std::vector<std::error_code>& out) -> Task<void> {
    const auto result = co_await as_result(ReadyOp(on.readiness(), Interest::readable));
    out.push_back(result.error().code);
    const auto again = co_await as_result(ReadyOp(on.readiness(), Interest::readable));
    out.push_back(again.error().code);
    const auto slept = co_await as_result(sleep(1h));
    out.push_back(slept.error().code);
  };
  TaskGroup group;
  group.add(waiter(pair.near, codes));
  reactor.reset();
  EXPECT_EQ(codes, std::vector<std::error_code>(3, make_error_code(Errc::reactor_stopped)));
}

TEST(Reactor, ClosingAWatchedHandleEarlyTellsWhoWaits) {
  run_test([]() -> Task<void> {
    Pair pair = Pair::make();
    int woken = 0;
    TaskGroup group;
    group.add(count_ready(pair.near, woken));
    pair.near.close();
    co_await group.join();
    EXPECT_TRUE(pair.near.readiness().ready().is_read_closed());
    std::array<std::byte, 1> byte;
    EXPECT_EQ(os::recv(pair.far.get(), byte).value(), 0U);
  });
}

TEST(Reactor, StoppingFailsWhoWaitsForWhatNoSelectorWatches) {
  auto reactor = Reactor::create().value();
  const SoftReadiness soft(Readiness::Kind::pieces);
  std::error_code code;
  auto waiter = [](Readiness& readiness, std::error_code& out) -> Task<void> {
    const auto result = co_await as_result(ReadyOp(readiness, Interest::readable));
    out = result.error().code;
  };
  TaskGroup group;
  group.add(waiter(*soft, code));
  reactor.reset();
  EXPECT_EQ(code, Errc::reactor_stopped);
}

TEST(Reactor, NothingNewIsWatchedWhileItStops) {
  auto reactor = Reactor::create().value();
  const SoftReadiness soft(Readiness::Kind::pieces);
  std::vector<std::error_code> codes;
  auto told = [](Readiness& readiness, std::vector<std::error_code>& out) -> Task<void> {
    const auto result = co_await as_result(ReadyOp(readiness, Interest::readable));
    out.push_back(result.error().code);
    auto ends = os::socket_pair(os::SocketType::stream).value();
    const auto late = Registration::create(std::move(ends.first), Interest::readable);
    out.push_back(late.error().code);
    const SoftReadiness late_soft(Readiness::Kind::pieces);
    const auto again = co_await as_result(ReadyOp(*late_soft, Interest::readable));
    out.push_back(again.error().code);
  };
  TaskGroup group;
  group.add(told(*soft, codes));
  reactor.reset();
  EXPECT_EQ(codes, std::vector<std::error_code>(3, make_error_code(Errc::reactor_stopped)));
}

TEST(Reactor, StoppingEndsThoughACoroutineYieldsForEver) {
  auto reactor = Reactor::create().value();
  Pair pair = Pair::make();
  bool told = false;
  const auto yields = []() -> Task<void> {
    for (;;) co_await yield_now();
  };
  const auto waits = [](Registration& on, bool& failed) -> Task<void> {
    failed = !co_await as_result(ReadyOp(on.readiness(), Interest::readable));
  };
  TaskGroup group;
  group.add(yields());
  group.add(waits(pair.near, told));
  reactor.reset();
  EXPECT_TRUE(told);
  EXPECT_EQ(group.size(), 1U);
}

TEST(Reactor, StoppingEndsThoughCoroutinesTryAgainForEver) {
  auto reactor = Reactor::create().value();
  Pair pair = Pair::make();
  const auto waits = [](Registration& on) -> Task<void> {
    for (;;) co_await as_result(ReadyOp(on.readiness(), Interest::readable));
  };
  const auto sleeps = []() -> Task<void> {
    for (;;) co_await as_result(sleep(1h));
  };
  TaskGroup group;
  group.add(waits(pair.near));
  group.add(sleeps());
  reactor.reset();
  EXPECT_EQ(group.size(), 2U);
}

TEST(Reactor, StoppingHandsFailuresUpALongChainOfTasks) {
  auto reactor = Reactor::create().value();
  Pair pair = Pair::make();
  std::vector<std::unique_ptr<TaskGroup>> groups;
  const auto waits = [](Registration& on) -> Task<void> {
    co_await ReadyOp(on.readiness(), Interest::readable);
  };
  const auto joins = [](TaskGroup& inner) -> Task<void> { co_await inner.join(); };
  groups.push_back(std::make_unique<TaskGroup>());
  groups.back()->add(waits(pair.near));
  for (int depth = 0; depth < 200; ++depth) {
    TaskGroup& inner = *groups.back();
    groups.push_back(std::make_unique<TaskGroup>());
    groups.back()->add(joins(inner));
  }
  reactor.reset();
  EXPECT_TRUE(groups.back()->empty());
  while (!groups.empty()) groups.pop_back();
}

TEST(Reactor, AWaitThatBeginsAfterItHasGoneFails) {
  auto reactor = Reactor::create().value();
  Pair pair = Pair::make();
  reactor.reset();
  std::error_code code;
  auto waiter = [](Readiness& readiness, std::error_code& out) -> Task<void> {
    const auto result = co_await as_result(ReadyOp(readiness, Interest::readable));
    out = result.error().code;
  };
  TaskGroup group;
  group.add(waiter(pair.near.readiness(), code));
  EXPECT_EQ(code, Errc::reactor_stopped);
}

TEST(Reactor, StoppingFailsWhoWaitsForAWorker) {
  auto reactor = Reactor::create().value();
  std::promise<void> begun;
  std::promise<void> go;
  std::promise<void> done;
  auto hang = [&]() -> Result<int> {
    begun.set_value();
    go.get_future().wait();
    done.set_value();
    return 1;
  };
  std::error_code code;
  auto waiter = [](auto job, std::error_code& out) -> Task<void> {
    const auto result = co_await as_result(on_worker(job));
    out = result.error().code;
  };
  TaskGroup group;
  group.add(waiter(hang, code));
  begun.get_future().wait();
  reactor.reset();
  EXPECT_EQ(code, Errc::reactor_stopped);
  go.set_value();
  done.get_future().wait();
}

TEST(Reactor, ASteadilyReadyOperationGivesWay) {
  run_test([]() -> Task<void> {
    Pair pair = Pair::make();
    bool other_ran = false;
    TaskGroup group;
    auto other = [](bool& ran) -> Task<void> {
      co_await yield_now();
      ran = true;
    };
    group.add(other(other_ran));
    int alone = 0;
    for (; !other_ran && alone < 10'000; ++alone) {
      co_await ReadyOp(pair.near.readiness(), Interest::writable);
    }
    EXPECT_LE(alone, 2 * static_cast<int>(Reactor::budget));
  });
}

TEST(Reactor, WhoHasUsedUpItsShareOfATurnLeavesOthersTheirs) {
  run_test([]() -> Task<void> {
    Pair pair = Pair::make();
    co_await ReadyOp(pair.near.readiness(), Interest::writable);
    const auto operate = [](Pair& at, int& done) -> Task<void> {
      co_await yield_now();
      for (;;) {
        co_await ReadyOp(at.near.readiness(), Interest::writable);
        ++done;
      }
    };
    int first = 0;
    int second = 0;
    TaskGroup group;
    group.add(operate(pair, first));
    group.add(operate(pair, second));
    co_await yield_now();
    EXPECT_GT(first, 0);
    EXPECT_EQ(second, first);
  });
}

TEST(Reactor, StoppingFailsWhoSleeps) {
  auto reactor = Reactor::create().value();
  std::error_code code;
  const auto sleeper = [](std::error_code& out) -> Task<void> {
    const auto result = co_await as_result(sleep(1h));
    if (!result) out = result.error().code;
  };
  TaskGroup group;
  group.add(sleeper(code));
  reactor.reset();
  EXPECT_EQ(code, Errc::reactor_stopped);
}

TEST(Reactor, ItsOwnHandlesAreNotInherited) {
  const auto before = test::OpenDescriptors::open_now();
  const auto reactor = Reactor::create().value();
  int made = 0;
  for (const auto& [number, what] : test::OpenDescriptors::open_now()) {
    if (before.contains(number)) continue;
    ++made;
    EXPECT_EQ(::fcntl(std::stoi(number), F_GETFD), FD_CLOEXEC) << what;
  }
  EXPECT_GT(made, 0);
}

TEST(Reactor, LeavesThePipeSignalBlockedWhereItWas) {
  sigset_t pipe_signal;
  sigemptyset(&pipe_signal);
  sigaddset(&pipe_signal, SIGPIPE);
  ASSERT_EQ(::pthread_sigmask(SIG_BLOCK, &pipe_signal, nullptr), 0);
  Reactor::create().value().reset();
  sigset_t after;
  ASSERT_EQ(::pthread_sigmask(SIG_UNBLOCK, &pipe_signal, &after), 0);
  EXPECT_EQ(sigismember(&after, SIGPIPE), 1);
}

}  // namespace
}  // namespace fid
