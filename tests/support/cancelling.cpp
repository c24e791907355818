// SPDX-License-Identifier: MIT
#include "support/cancelling.hpp"

#include "support/descriptor_leaks.hpp"
#include "support/run_test.hpp"
#include "support/turns.hpp"

#include <fid/reactor/reactor.hpp>
#include <fid/task/run_queue.hpp>
#include <fid/task/task_group.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace fid::test {
namespace {

/// What there is of everything that an operation may leave behind.
struct Traces {
  std::size_t registrations = Reactor::current().registrations().size();
  std::size_t timers = Reactor::current().timers().size();
  int descriptors = static_cast<int>(OpenDescriptors::open_now().size());
  /// Each call on a worker holds the mailbox until it has left its result there.
  long calls = Reactor::current().mailbox().use_count();
};

/// A worker that was abandoned lets go of what it holds when its call has ended and the reactor has
/// been told, and not before. Until then it may still open something, however little is open now.
Task<void> wait_for_workers(long calls) {
  while (Reactor::current().mailbox().use_count() > calls) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  co_await turns();  // takes what they left
}

}  // namespace

Task<bool> cancelled_after(Cancellable& world, int steps) {
  co_await world.prepare();
  co_await turns(2);  // takes in what the selector has to say of new handles
  const Traces before;
  {
    TaskGroup group;
    group.add(world.operation());
    for (int step = 0; step < steps && !group.empty(); ++step) {
      world.go_on();
      co_await turns(4);
    }
    if (group.empty()) {
      co_await group.join();
      co_return false;
    }
  }
  EXPECT_TRUE(RunQueue::current().empty());
  if (!world.keeps_worker()) co_await wait_for_workers(before.calls);
  const Traces after;
  EXPECT_EQ(after.registrations, before.registrations);
  EXPECT_EQ(after.timers, before.timers);
  EXPECT_EQ(after.descriptors, before.descriptors + world.opened());
  // What was left behind may keep a peer waiting for ever.
  if (!testing::Test::HasFailure()) co_await world.check();
  co_return true;
}

void destroy_at_each_suspension(const std::function<std::unique_ptr<Cancellable>()>& make,
                                int at_least) {
  run_test([&make, at_least]() -> Task<void> {
    for (int suspensions = 0;; ++suspensions) {
      const auto world = make();
      const bool cancelled = co_await cancelled_after(*world, suspensions);
      if (testing::Test::HasFailure()) co_return;
      if (cancelled) continue;
      EXPECT_GE(suspensions, at_least);
      co_return;
    }
  });
}

}  // namespace fid::test
