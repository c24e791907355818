// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/error.hpp>
#include <fid/task/promise.hpp>

#include <coroutine>
#include <type_traits>
#include <utility>

namespace fid {

/// A coroutine that gives a T, or the Error that ended it.
///
/// Shape: movable, sole owner of the coroutine's frame. Nothing runs before it is awaited.
/// Errors: inside a task, `co_await x` gives x's value; if x failed, the task ends there with the
/// same error, as with `?` in Rust. as_result(x) hands the failure over instead. A task fails by
/// `co_return fail(...)`, and a Task<void> by `co_await fail(...)`. Exceptions mean a bug or no
/// memory; they pass through to whoever runs the reactor.
/// Cancellation: destroying a suspended task destroys its frame, innermost awaited task first.
/// Stack: an awaited task runs inside the awaiting one's suspension and returns there, so awaits
/// that complete at once do not deepen the stack, whatever the compiler does with tail calls.
template <class T = void>
class [[nodiscard]] Task {
 public:
  using promise_type = detail::Promise<T>;
  using value_type = T;

  Task() noexcept = default;
  explicit Task(std::coroutine_handle<promise_type> frame) noexcept : frame_(frame) {}
  Task(Task&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    Task old(std::exchange(frame_, std::exchange(other.frame_, nullptr)));
    return *this;
  }
  ~Task() {
    if (frame_) frame_.destroy();
  }

  explicit operator bool() const noexcept { return static_cast<bool>(frame_); }

  /// For awaiters: the coroutine, which stays this task's.
  std::coroutine_handle<promise_type> frame() const noexcept { return frame_; }

 private:
  std::coroutine_handle<promise_type> frame_;
};

namespace detail {

template <class T>
Task<T> Promise<T>::get_return_object() noexcept {
  return Task<T>(std::coroutine_handle<Promise>::from_promise(*this));
}
inline Task<void> Promise<void>::get_return_object() noexcept {
  return Task<void>(std::coroutine_handle<Promise>::from_promise(*this));
}

/// Awaits a task from within a task: its value, or the awaiting task ends with its error.
template <class T>
class TaskAwaiter {
 public:
  explicit TaskAwaiter(Task<T> task) noexcept : task_(std::move(task)) {}

  bool await_ready() const noexcept { return false; }

  template <class P>
  FID_NOINLINE bool await_suspend(std::coroutine_handle<P> awaiting) {
    const auto child = task_.frame();
    PromiseBase& promise = child.promise();
    promise.await_by(awaiting, &awaiting.promise());
    child.resume();
    if (!promise.ended_while_starting()) return true;
    if (!promise.failed()) return false;
    awaiting.promise().fail(promise.error());
    return true;
  }

  T await_resume() { return task_.frame().promise().take(); }

 private:
  Task<T> task_;
};

/// Awaits a task from any coroutine: its result, whatever that is.
template <class T>
class TaskResultAwaiter {
 public:
  explicit TaskResultAwaiter(Task<T> task) noexcept : task_(std::move(task)) {}

  bool await_ready() const noexcept { return false; }

  FID_NOINLINE bool await_suspend(std::coroutine_handle<> awaiting) {
    const auto child = task_.frame();
    PromiseBase& promise = child.promise();
    promise.await_by(awaiting, nullptr);
    child.resume();
    return !promise.ended_while_starting();
  }

  Result<T> await_resume() {
    // What the task held goes before its result is looked at, as when an exception is caught.
    const Task<T> ended = std::move(task_);
    return ended.frame().promise().take_result();
  }

 private:
  Task<T> task_;
};

/// A plain function's result awaited inside a task: its value, or the task ends with its error.
template <class T>
class ResultAwaiter {
 public:
  explicit ResultAwaiter(Result<T> result) : result_(std::move(result)) {}

  bool await_ready() const noexcept { return result_.has_value(); }

  template <class P>
  FID_NOINLINE void await_suspend(std::coroutine_handle<P> awaiting) {
    awaiting.promise().fail(result_.error());
  }

  T await_resume() {
    if constexpr (!std::is_void_v<T>) return std::move(*result_);
  }

 private:
  Result<T> result_;
};

template <class T>
auto PromiseBase::await_transform(Task<T> task) noexcept {
  return TaskAwaiter<T>(std::move(task));
}

template <class T>
auto PromiseBase::await_transform(tl::expected<T, Error> result) {
  return ResultAwaiter<T>(std::move(result));
}

inline auto PromiseBase::await_transform(Failure failure) {
  return ResultAwaiter<void>(Result<void>(std::move(failure)));
}

}  // namespace detail

/// The result of a task instead of its value: `auto got = co_await as_result(f());`
template <class T>
auto as_result(Task<T> task) noexcept {
  return detail::TaskResultAwaiter<T>(std::move(task));
}

/// The same for an operation, which stays where it is.
template <detail::Fallible A>
auto as_result(A&& operation) noexcept {
  return operation.as_result();
}

}  // namespace fid
