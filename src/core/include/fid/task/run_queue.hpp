// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/caller.hpp>
#include <fid/base/linked_list.hpp>

#include <coroutine>
#include <exception>
#include <utility>

namespace fid {

/// Something to do in the next turn of the thread's loop: most often, to resume a coroutine.
class Runnable : public Link {
 public:
  virtual void run() = 0;

 protected:
  ~Runnable() = default;
};

/// What is to run next in one thread; in scope there while it lives.
///
/// Coroutines that wake each other do it through this queue, never by resuming each other, so the
/// stack stays as deep as one coroutine's own calls.
class RunQueue : public LinkedList<Runnable> {
 public:
  RunQueue(Caller caller = Caller::here());
  ~RunQueue();

  /// The queue in scope. None is a broken promise of the caller.
  static RunQueue& current(Caller caller = Caller::here());

  /// Keeps the first exception that was thrown where none may pass.
  void keep(std::exception_ptr thrown) noexcept {
    if (!kept_) kept_ = std::move(thrown);
  }
  /// Throws what was kept, once. For who runs the queue, after each item.
  void throw_kept() {
    if (kept_) std::rethrow_exception(std::exchange(kept_, nullptr));
  }

 private:
  std::exception_ptr kept_;
};

/// Resumes a coroutine on behalf of another that has ended, and whose frame may be gone by the time
/// this returns: an exception must not pass through that one, so it is kept for the queue's runner.
inline void resume_for_ended(std::coroutine_handle<> waiting) noexcept {
  try {
    waiting.resume();
  } catch (...) {
    RunQueue::current().keep(std::current_exception());
  }
}

/// Runs `item` in the next turn.
inline void schedule(Runnable& item) {
  RunQueue::current().push_back(item);
}

/// A coroutine that waits to be woken.
class Resumption : public Runnable {
 public:
  void resumes(std::coroutine_handle<> waiting) noexcept { waiting_ = waiting; }
  void run() override { waiting_.resume(); }

 private:
  std::coroutine_handle<> waiting_;
};

/// Lets everything else that is ready run first.
class YieldOp final : public Resumption {
 public:
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiting) {
    resumes(waiting);
    schedule(*this);
  }
  void await_resume() const noexcept {}
};

inline YieldOp yield_now() noexcept {
  return YieldOp();
}

}  // namespace fid
