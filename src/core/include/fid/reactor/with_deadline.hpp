// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/error.hpp>
#include <fid/reactor/reactor.hpp>
#include <fid/reactor/sleep.hpp>
#include <fid/task/race.hpp>
#include <fid/task/task.hpp>

#include <coroutine>
#include <optional>
#include <type_traits>
#include <utility>

namespace fid {
namespace detail {

/// Awaits a task, and destroys it when a time has gone by first. A race with a sleep would do the
/// same, with three coroutines more.
template <class T>
class Bounded final : private Timer {
 public:
  Bounded(Duration duration, Task<T> task) noexcept
      : duration_(duration), task_(std::in_place, std::move(task)) {}

  bool await_ready() const noexcept { return false; }

  FID_NOINLINE bool await_suspend(std::coroutine_handle<> awaiting) {
    if (!task_->await_suspend(awaiting)) return false;
    awaiting_ = awaiting;
    Reactor& reactor = Reactor::current();
    if (reactor.running() && duration_ > Duration::zero()) {
      reactor.timers().add(*this, deadline_after(duration_));
      return true;
    }
    if (!reactor.spend_budget()) {
      reactor.schedule(*this);
      return true;
    }
    give_up();
    return false;
  }

  Result<T> await_resume() {
    disarm();
    if (!task_) return fail(failure_, "wait");
    return task_->await_resume();
  }

 private:
  void run() override {
    give_up();
    awaiting_.resume();
  }

  void give_up() {
    failure_ = Reactor::current().running() ? Errc::deadline_passed : Errc::reactor_stopped;
    task_.reset();
  }

  Duration duration_;
  std::optional<TaskResultAwaiter<T>> task_;  // none once it was given up
  std::coroutine_handle<> awaiting_;
  Errc failure_{};
};

template <class T>
Task<T> bounded(Duration duration, Task<T> task) {
  Bounded<T> bound(duration, std::move(task));
  Result<T> result = co_await bound;
  if constexpr (std::is_void_v<T>) {
    co_await std::move(result);
  } else {
    co_return std::move(result);
  }
}

}  // namespace detail

/// Gives what `awaitable` gives, or fails with deadline_passed once `duration` has gone by, and
/// cancels it. Without a duration it only awaits.
template <class A>
auto with_deadline(std::optional<Duration> duration, A awaitable) -> Task<detail::ValueOf<A>> {
  auto task = as_task(std::move(awaitable));
  return duration ? detail::bounded(*duration, std::move(task)) : std::move(task);
}

}  // namespace fid
