// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/linked_list.hpp>
#include <fid/task/run_queue.hpp>

#include <coroutine>

namespace fid {

/// Something that happens once, or until it is reset, and that coroutines of one thread wait for.
class Event {
 public:
  class WaitOp final : public Resumption {
   public:
    explicit WaitOp(Event& event) noexcept : event_(&event) {}
    bool await_ready() const noexcept { return event_->set_; }
    void await_suspend(std::coroutine_handle<> waiting) noexcept {
      resumes(waiting);
      event_->waiters_.push_back(*this);
    }
    void await_resume() const noexcept {}

   private:
    Event* event_;
  };

  bool is_set() const noexcept { return set_; }

  /// Wakes every coroutine that waits; those that come later do not wait.
  void set() {
    set_ = true;
    wake_all();
  }
  /// Those that come from now on wait again.
  void reset() noexcept { set_ = false; }
  /// Wakes every coroutine that waits now, and leaves the event as it is.
  void wake_all() {
    while (!waiters_.empty()) schedule(waiters_.pop_front());
  }

  /// Waits until it is set, or waiters are woken. Cancelling it only stops waiting.
  WaitOp wait() noexcept { return WaitOp(*this); }
  /// For what is no coroutine: runs `waiter` once, as it would be woken. Unlinking it stops
  /// waiting.
  void wait(Runnable& waiter) {
    if (set_) return schedule(waiter);
    waiters_.push_back(waiter);
  }

 private:
  LinkedList<Runnable> waiters_;
  bool set_ = false;
};

}  // namespace fid
