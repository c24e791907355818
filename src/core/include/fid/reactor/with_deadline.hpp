// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/error.hpp>
#include <fid/reactor/reactor.hpp>
#include <fid/reactor/sleep.hpp>
#include <fid/task/race.hpp>

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
  Bounded(Duration duration, Task<T> task) noexcept : duration_(duration), task_(std::move(task)) {}

  bool await_ready() const noexcept { return false; }

  FID_NOINLINE bool await_suspend(std::coroutine_handle<> awaiting) {
    const auto child = task_.frame();
    PromiseBase& promise = child.promise();
    promise.await_by(awaiting, nullptr);
    child.resume();
    if (promise.ended_while_starting()) return false;
    awaiting_ = awaiting;
    Reactor& reactor = Reactor::current();
    const TimePoint deadline = deadline_after(duration_);
    if (reactor.running() && deadline > Clock::now()) {
      reactor.timers().add(*this, deadline);
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
    if (failure_) return fail(*failure_);
    const Task<T> ended = std::move(task_);
    return ended.frame().promise().take_result();
  }

 private:
  void run() override {
    give_up();
    awaiting_.resume();
  }

  void give_up() {
    failure_ = Reactor::current().running() ? Error{make_error_code(Errc::deadline_passed), "wait"}
                                            : Error{make_error_code(Errc::reactor_stopped), "wait"};
    task_ = Task<T>();
  }

  Duration duration_;
  Task<T> task_;
  std::coroutine_handle<> awaiting_;
  std::optional<Error> failure_;
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
