// SPDX-License-Identifier: MIT
// The reactor itself, signals, and names looked up by workers.
#include "core/faults/far_side.hpp"
#include "core/faults/scenarios.hpp"

#include <fid/net/lookup_host.hpp>
#include <fid/reactor/mailbox.hpp>
#include <fid/reactor/reactor.hpp>
#include <fid/reactor/signals.hpp>
#include <fid/reactor/sleep.hpp>
#include <fid/task/event.hpp>
#include <fid/task/run_queue.hpp>

#include <signal.h>

#include <cerrno>
#include <chrono>

namespace fid::test {
namespace {

using namespace std::chrono_literals;

struct Run final : Act {
  Task<void> operation() override { co_await yield_now(); }
};

struct Sleep final : Act {
  Task<void> operation() override { co_await sleep(1ms); }
};

struct WakeUp final : Act {
  Task<void> operation() override {
    // Twice: a counter that is not reset must not hide the next wake-up.
    for (int time = 0; time < 2; ++time) {
      Event posted;
      Reactor::current().mailbox()->post([&posted] { posted.set(); });
      co_await posted.wait();
    }
  }
};

/// A signal without effect on those that do not wait for it.
struct AwaitSignal final : Act {
  Task<void> operation() override {
    Signals signals = co_await Signals::create(Signal::window_change);
    EXPECT_EQ(::raise(SIGWINCH), 0);
    EXPECT_EQ(co_await signals.next(), Signal::window_change);
  }
};

struct IsIgnored final : Act {
  Task<void> operation() override {
    EXPECT_FALSE(is_ignored(Signal::window_change));
    co_return;
  }
};

struct Lookup final : Act {
  Task<void> operation() override {
    const auto addresses = co_await lookup_host("localhost:80");
    EXPECT_FALSE(addresses.empty());
  }
};

}  // namespace

std::vector<Scenario> reactor_scenarios() {
  return {
      scenario<Run>("Run").with_its_reactor(),
      scenario<Sleep>("Sleep"),
      scenario<Sleep>("SleepByTheMillisecond").without({"epoll_pwait2", ""}, ENOSYS),
      scenario<Sleep>("SleepBehindAnOldFilter").without({"epoll_pwait2", ""}, EPERM),
      scenario<WakeUp>("WakeUp"),
      scenario<AwaitSignal>("AwaitSignal"),
      scenario<IsIgnored>("IsIgnored"),
      scenario<Lookup>("Lookup").with_workers(),
  };
}

}  // namespace fid::test
