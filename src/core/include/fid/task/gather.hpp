// SPDX-License-Identifier: MIT
#pragma once

#include <fid/task/frame_memory.hpp>
#include <fid/task/task.hpp>

#include <coroutine>
#include <cstddef>
#include <optional>
#include <utility>

namespace fid::detail {

/// Who waits for several branches, and for how many more.
class Gather {
 public:
  explicit Gather(std::size_t wanted) noexcept : wanted_(wanted) {}
  Gather(const Gather&) = delete;
  Gather& operator=(const Gather&) = delete;

  /// One branch has ended. Resumes who waits, once enough have; this may be gone afterwards.
  void arrived() noexcept {
    if (wanted_ == 0 || --wanted_ != 0) return;
    if (waiting_) resume_for_ended(std::exchange(waiting_, nullptr));
  }
  /// Enough have ended, however many are still running.
  void enough() noexcept {
    if (wanted_ > 1) wanted_ = 1;
  }
  bool complete() const noexcept { return wanted_ == 0; }

  bool await_ready() const noexcept { return complete(); }
  void await_suspend(std::coroutine_handle<> waiting) noexcept { waiting_ = waiting; }
  void await_resume() const noexcept {}

 private:
  std::size_t wanted_;
  std::coroutine_handle<> waiting_;
};

/// A coroutine that runs one task of several. Its owner is told when it has reached its end, and
/// may then destroy it.
class Branch {
 public:
  struct promise_type : PooledFrame {
    Gather* gather = nullptr;

    Branch get_return_object() noexcept {
      return Branch(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    struct Final {
      bool await_ready() const noexcept { return false; }
      FID_NOINLINE void await_suspend(std::coroutine_handle<promise_type> ended) const noexcept {
        ended.promise().gather->arrived();
      }
      void await_resume() const noexcept {}
    };
    Final final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    void unhandled_exception() const { throw; }
  };

  Branch() noexcept = default;
  Branch(Branch&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
  Branch& operator=(Branch&& other) noexcept {
    Branch old(std::exchange(frame_, std::exchange(other.frame_, nullptr)));
    return *this;
  }
  ~Branch() {
    if (frame_) frame_.destroy();
  }

  void start(Gather& gather) {
    frame_.promise().gather = &gather;
    frame_.resume();
  }

 private:
  explicit Branch(std::coroutine_handle<promise_type> frame) noexcept : frame_(frame) {}
  std::coroutine_handle<promise_type> frame_;
};

/// Runs a task or an operation and leaves its result in `into`. `stop_on_failure`: its failure is
/// enough.
template <class A, class T>
Branch branch(A awaitable, std::optional<Result<T>>& into, Gather& gather, bool stop_on_failure) {
  Result<T> result = co_await as_result(std::move(awaitable));
  if (!result && stop_on_failure) gather.enough();
  into.emplace(std::move(result));
}

}  // namespace fid::detail
