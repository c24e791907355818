// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/caller.hpp>
#include <fid/base/clock.hpp>
#include <fid/base/result.hpp>
#include <fid/reactor/registration.hpp>
#include <fid/reactor/selector.hpp>
#include <fid/reactor/thread_signals.hpp>
#include <fid/reactor/timer_queue.hpp>
#include <fid/task/run_queue.hpp>

#include <cstdint>
#include <memory>
#include <string_view>

namespace fid {

class Mailbox;
class Workers;

/// One selector, the registrations it watches, the timers, and what is to run next.
///
/// Shape: one per thread, in scope there from creation to destruction; everything made meanwhile
/// belongs to it and is used from this thread alone. wake() and the mailbox are the exceptions.
/// Signals: blocks SIGPIPE in its thread while it lives, so that a pipe whose reader is gone is an
/// error and nothing else (G2); the mask is put back after.
/// Shutdown: destroying it makes every wait fail with reactor_stopped, and every later one.
/// Coroutines that take no notice, and yield or try again for ever, are not run any more after some
/// time.
class Reactor {
 public:
  /// Operations that may complete at once before a coroutine is made to give way (G23).
  static constexpr std::uint32_t budget = 128;

  /// With the named selector, or the best. Fails with what making the selector failed with.
  static Result<std::unique_ptr<Reactor>> create(std::string_view selector = {});

  Reactor(const Reactor&) = delete;
  Reactor& operator=(const Reactor&) = delete;
  ~Reactor();

  /// The reactor in scope. None is a broken promise of the caller.
  static Reactor& current(Caller caller = Caller::here());
  /// Whether there is one.
  static bool in_scope() noexcept;

  /// Waits for events if nothing is to run, no longer than until the next deadline; then runs what
  /// became ready, once.
  Result<void> turn();

  /// Runs `item` in the next turn.
  void schedule(Runnable& item) noexcept { runnable_.push_back(item); }
  /// Takes one of the running coroutine's share. False: it should give way, by schedule().
  bool spend_budget() noexcept {
    if (budget_left_ == 0) return false;
    --budget_left_;
    return true;
  }

  RegistrationTable& registrations() noexcept { return *registrations_; }
  TimerQueue& timers() noexcept { return timers_; }
  Selector& selector() noexcept { return *selector_; }
  /// Where other threads leave what is to be done here.
  const std::shared_ptr<Mailbox>& mailbox() const noexcept { return mailbox_; }
  /// Threads for what can only block.
  Workers& workers();

  /// False while it is being destroyed: what waits from now on fails.
  bool running() const noexcept { return running_; }

  /// How often the thread came back from waiting: an idle program's count does not move.
  std::uint64_t wake_ups() const noexcept { return wake_ups_; }

 private:
  explicit Reactor(std::unique_ptr<Selector> selector);

  void run_once();

  PipeSignalGuard no_pipe_signal_;
  std::unique_ptr<Selector> selector_;
  std::unique_ptr<RegistrationTable> registrations_;
  TimerQueue timers_;
  RunQueue runnable_;
  std::shared_ptr<Mailbox> mailbox_;
  std::unique_ptr<Workers> workers_;
  Events events_;
  std::uint64_t wake_ups_ = 0;
  std::uint32_t budget_left_ = budget;
  bool running_ = true;
};

}  // namespace fid
