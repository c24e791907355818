// SPDX-License-Identifier: MIT
#pragma once

#include "support/run_test.hpp"
#include "support/turns.hpp"

#include <fid/reactor/reactor.hpp>
#include <fid/task/task_group.hpp>

#include <gtest/gtest.h>

namespace fid::test {

/// Runs `World`'s operation until it has gone on `steps` times, destroys it where it waits, and
/// checks what it left. False: it had ended by then.
template <class World>
Task<bool> cancelled_after(int steps) {
  World world;
  co_await world.prepare();
  co_await turns(2);  // takes in what the selector has to say of new handles
  const std::size_t registrations = Reactor::current().registrations().size();
  const std::size_t timers = Reactor::current().timers().size();
  {
    TaskGroup group;
    group.add(world.operation());
    for (int step = 0; step < steps && !group.empty(); ++step) {
      world.go_on();
      co_await turns(4);
    }
    if (group.empty()) co_return false;
  }
  EXPECT_EQ(Reactor::current().registrations().size(), registrations);
  EXPECT_EQ(Reactor::current().timers().size(), timers);
  co_await world.check();
  co_return true;
}

/// Destroys an operation at each of its suspensions, each time in a world of its own:
///
///     struct World {
///       Task<void> prepare();    // sets the scene
///       Task<void> operation();  // what is destroyed
///       void go_on();            // makes something happen that it waits for
///       Task<void> check();      // after it is gone: what became of the data
///     };
template <class World>
void destroy_at_each_suspension(int at_least = 1) {
  run_test([at_least]() -> Task<void> {
    int suspensions = 0;
    while (co_await cancelled_after<World>(suspensions)) {
      if (testing::Test::HasFailure()) co_return;
      ++suspensions;
    }
    EXPECT_GE(suspensions, at_least);
  });
}

}  // namespace fid::test
