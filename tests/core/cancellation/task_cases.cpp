// SPDX-License-Identifier: MIT
// What only waits: for time, for others, for its turn.
#include "core/cancellation/cases.hpp"

#include <fid/reactor/sleep.hpp>
#include <fid/reactor/with_deadline.hpp>
#include <fid/task/channel.hpp>
#include <fid/task/event.hpp>
#include <fid/task/race.hpp>
#include <fid/task/task_group.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace fid::test {
namespace {

using namespace std::chrono_literals;

/// Counts the coroutines that hold one and still live.
class Held {
 public:
  explicit Held(int& count) noexcept : count_(&count) { ++*count_; }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  ~Held() { --*count_; }

 private:
  int* count_;
};

/// Two events, one after the other, and coroutines that wait for them.
struct Waiting : Cancellable {
  Event first;
  Event second;
  int living = 0;

  Task<void> wait_for(Event& event) {
    const Held held(living);
    co_await event.wait();
  }
  void go_on() override { (first.is_set() ? second : first).set(); }
  Task<void> check() override {
    EXPECT_EQ(living, 0);
    first.set();
    second.set();
    co_return;
  }
};

struct WaitForEvent final : Waiting {
  Task<void> operation() override { co_await first.wait(); }
};
struct AwaitTasksInTasks final : Waiting {
  Task<void> inner() {
    const Held held(living);
    co_await wait_for(first);
    co_await wait_for(second);
  }
  Task<void> operation() override { co_await inner(); }
};
struct AwaitAll final : Waiting {
  Task<void> operation() override { co_await all(wait_for(first), wait_for(second)); }
};
struct AwaitAllOfAList final : Waiting {
  Task<void> operation() override {
    std::vector<Task<void>> tasks;
    tasks.push_back(wait_for(first));
    tasks.push_back(wait_for(second));
    co_await all(std::move(tasks));
  }
};
struct AwaitTheFirst final : Waiting {
  Task<void> operation() override { co_await race(wait_for(first), wait_for(second)); }
};
struct AwaitInTime final : Waiting {
  Task<void> operation() override { co_await with_deadline(1h, wait_for(first)); }
};
struct Join final : Waiting {
  TaskGroup group;
  Task<void> prepare() override {
    group.add(wait_for(first));
    group.add(wait_for(second));
    co_return;
  }
  Task<void> operation() override { co_await group.join(); }
  /// The members go on; only who waited for them does not.
  Task<void> check() override {
    EXPECT_EQ(group.size(), static_cast<std::size_t>(living));
    EXPECT_GT(living, 0);
    first.set();
    second.set();
    co_await group.join();
    EXPECT_EQ(living, 0);
  }
};
struct Yield final : Cancellable {
  Task<void> operation() override {
    for (int i = 0; i < 20; ++i) co_await yield_now();
  }
};
struct Sleep final : Cancellable {
  Task<void> operation() override { co_await sleep(5ms); }
  void go_on() override { std::this_thread::sleep_for(2ms); }
};

// --- channels -------------------------------------------------------------------------------

struct ChannelWorld : Cancellable {
  Channel<std::string> channel{1};
};
/// It has put nothing in.
struct SendIntoChannel final : ChannelWorld {
  Task<void> prepare() override { return channel.send("first"); }
  Task<void> operation() override { return channel.send("second"); }
  void go_on() override { channel.try_receive(); }
  Task<void> check() override {
    EXPECT_EQ(channel.try_receive(), "first");
    EXPECT_EQ(channel.try_receive(), std::nullopt);
    co_return;
  }
};
/// It has taken nothing out.
struct ReceiveFromChannel final : ChannelWorld {
  Task<void> operation() override { co_await channel.receive(); }
  void go_on() override {
    std::string value = "x";
    channel.try_send(value);
  }
  Task<void> check() override {
    co_await channel.send("next");
    EXPECT_EQ(co_await channel.receive(), "next");
  }
};

}  // namespace

void add_task_cases(CancellationCases& cases) {
  add<WaitForEvent>(cases, "WaitOp");
  add<AwaitTasksInTasks>(cases, "Task", "", 2);
  add<AwaitAll>(cases, "all", "", 2);
  add<AwaitAllOfAList>(cases, "all", "AList", 2);
  add<AwaitTheFirst>(cases, "race");
  add<AwaitInTime>(cases, "with_deadline");
  add<Join>(cases, "TaskGroup::join", "", 2);
  add<Yield>(cases, "YieldOp", "", 4);
  add<Sleep>(cases, "SleepOp");
  add<SendIntoChannel>(cases, "Channel::send");
  add<ReceiveFromChannel>(cases, "Channel::receive");
}

}  // namespace fid::test
