// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/result.hpp>
#include <fid/task/frame_memory.hpp>
#include <fid/task/run_queue.hpp>

#include <concepts>
#include <coroutine>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>

// clang 14 may keep an inlined await_suspend's locals in the coroutine's frame, which is gone once
// the coroutine was resumed or destroyed inside it (LLVM issue 56301).
#define FID_NOINLINE __attribute__((noinline))

namespace fid {

template <class T>
class Task;

namespace detail {

/// What can fail, and so has two awaiters: one that passes the failure on, one that hands it over.
template <class A>
concept Fallible = requires(A& awaitable) {
  awaitable.passing_on();
  awaitable.as_result();
};

/// Awaits an awaiter where it stands. Returning a reference from await_transform would say the
/// same, but g++ 12 then awaits a copy.
template <class A>
class InPlaceAwaiter {
 public:
  explicit InPlaceAwaiter(A& awaiter) noexcept : awaiter_(&awaiter) {}

  decltype(auto) await_ready() { return awaiter_->await_ready(); }
  template <class P>
  decltype(auto) await_suspend(std::coroutine_handle<P> waiting) {
    return awaiter_->await_suspend(waiting);
  }
  decltype(auto) await_resume() { return awaiter_->await_resume(); }

 private:
  A* awaiter_;
};

/// The part of a task's promise that does not depend on its value: who waits for it, how it ended.
///
///     state    | next          | on
///     created  | starting      | an awaiter resumes it, inside its own await_suspend
///     starting | ended, failed | it finished without waiting: the awaiter looks at the state
///     starting | waiting       | it suspended, and the awaiter returned to its resumer
///     waiting  | ended, failed | it finished later: who waits is resumed, or fails likewise
class PromiseBase : public PooledFrame {
 public:
  PromiseBase() noexcept = default;
  PromiseBase(const PromiseBase&) = delete;
  PromiseBase& operator=(const PromiseBase&) = delete;

  std::suspend_always initial_suspend() const noexcept { return {}; }

  struct Final {
    bool await_ready() const noexcept { return false; }
    template <class P>
    FID_NOINLINE void await_suspend(std::coroutine_handle<P> ended) const noexcept {
      ended.promise().finish(State::ended);
    }
    void await_resume() const noexcept {}
  };
  Final final_suspend() const noexcept { return {}; }

  void unhandled_exception() const { throw; }

  /// `continuation` is resumed when this task has ended; if `parent` is given and this task
  /// failed, the parent ends with the same error instead.
  void await_by(std::coroutine_handle<> continuation, PromiseBase* parent) noexcept {
    continuation_ = continuation;
    parent_ = parent;
    state_ = State::starting;
  }

  /// After the first resume(): has the task ended? If not, it will resume its continuation.
  bool ended_while_starting() noexcept {
    if (state_ != State::starting) return true;
    state_ = State::waiting;
    return false;
  }

  /// Ends the task, which is suspended, with `error`. Its frame may be gone afterwards.
  void fail(const Error& error) noexcept {
    error_ = error;
    finish(State::failed);
  }

  bool ended() const noexcept { return state_ >= State::ended; }
  bool failed() const noexcept { return state_ == State::failed; }
  const Error& error() const noexcept { return error_; }

  template <class T>
  auto await_transform(Task<T> task) noexcept;
  template <class T>
  auto await_transform(tl::expected<T, Error> result);
  auto await_transform(Failure failure);
  template <Fallible A>
  auto await_transform(A&& awaitable) noexcept {
    return awaitable.passing_on();
  }
  /// Anything that cannot fail.
  template <class A>
  requires(!Fallible<A>) auto await_transform(A&& awaitable) noexcept {
    return InPlaceAwaiter<std::remove_reference_t<A>>(awaitable);
  }

 protected:
  /// What `co_return fail(...)` does; the failure takes effect at the final suspension.
  void set_error(const Error& error) noexcept {
    error_ = error;
    has_error_ = true;
  }

 private:
  enum class State : std::uint8_t { created, starting, waiting, ended, failed };

  void finish(State how) noexcept;

  std::coroutine_handle<> continuation_;
  PromiseBase* parent_ = nullptr;
  Error error_;
  State state_ = State::created;
  bool has_error_ = false;
};

inline void PromiseBase::finish(State how) noexcept {
  if (has_error_) how = State::failed;
  PromiseBase* ended = this;
  // A failure ends every task up to the one that asks for results, without resuming those between.
  for (;;) {
    const bool starting = ended->state_ == State::starting;
    ended->state_ = how;
    if (starting) return;
    if (how != State::failed || ended->parent_ == nullptr) break;
    ended->parent_->error_ = ended->error_;
    ended = ended->parent_;
  }
  resume_for_ended(ended->continuation_);
}

template <class T>
class Promise final : public PromiseBase {
 public:
  Task<T> get_return_object() noexcept;

  /// A T or what makes one, a Result<T>, or fail(...).
  template <class U = T>
  void return_value(U&& value) {
    using Plain = std::remove_cvref_t<U>;
    if constexpr (std::same_as<Plain, Failure>) {
      set_error(value.value());
    } else if constexpr (std::same_as<Plain, Result<T>>) {
      if (value) {
        value_.emplace(*std::forward<U>(value));
      } else {
        set_error(value.error());
      }
    } else {
      value_.emplace(std::forward<U>(value));
    }
  }

  T take() { return std::move(*value_); }
  Result<T> take_result() {
    if (failed()) return fid::fail(error());
    return std::move(*value_);
  }

 private:
  std::optional<T> value_;
};

template <>
class Promise<void> final : public PromiseBase {
 public:
  Task<void> get_return_object() noexcept;

  void return_void() const noexcept {}

  void take() const noexcept {}
  Result<void> take_result() const {
    if (failed()) return fid::fail(error());
    return {};
  }
};

}  // namespace detail
}  // namespace fid
