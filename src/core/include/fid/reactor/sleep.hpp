// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/clock.hpp>
#include <fid/reactor/operation.hpp>
#include <fid/reactor/timer_queue.hpp>

#include <coroutine>

namespace fid {

/// Waits for a point in time. Fails with reactor_stopped. Cancelling leaves no timer behind.
///
/// Shape: movable until it is awaited.
class SleepOp final : public Timer {
 public:
  explicit SleepOp(TimePoint deadline) noexcept : deadline_(deadline) {}
  SleepOp(const SleepOp& other) noexcept : Timer(), deadline_(other.deadline_) {}

  auto passing_on() noexcept { return detail::OperationAwaiter<SleepOp>(*this); }
  auto as_result() noexcept { return detail::OperationResultAwaiter<SleepOp>(*this); }

  bool start();
  void suspend(std::coroutine_handle<> waiting, detail::PromiseBase* parent) noexcept {
    waiting_ = waiting;
    parent_ = parent;
  }
  bool failed() const noexcept { return failed_; }
  Error error() const noexcept;
  void await_resume() const noexcept {}

 private:
  void run() override;

  TimePoint deadline_;
  std::coroutine_handle<> waiting_;
  detail::PromiseBase* parent_ = nullptr;
  bool failed_ = false;
};

/// Waits until then; completes at once if that has passed.
inline SleepOp sleep_until(TimePoint deadline) noexcept {
  return SleepOp(deadline);
}

namespace detail {

/// One too long for the clock means for ever.
inline TimePoint deadline_after(Duration duration) noexcept {
  const TimePoint now = Clock::now();
  return duration > TimePoint::max() - now ? TimePoint::max() : now + duration;
}

}  // namespace detail

/// Waits for so long, from the call on; one too long for the clock means for ever.
inline SleepOp sleep(Duration duration) noexcept {
  return SleepOp(detail::deadline_after(duration));
}

}  // namespace fid
