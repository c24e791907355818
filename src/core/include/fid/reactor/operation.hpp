// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/result.hpp>
#include <fid/reactor/readiness.hpp>
#include <fid/task/promise.hpp>

#include <coroutine>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace fid {

/// How one attempt at a system call went.
enum class Attempt : std::uint8_t {
  done,
  blocked,
  failed,
  gives_way,  ///< could go on at once, but has used up its share of the turn (G23)
};

/// An operation in the frame of the coroutine awaiting it: waits until its stream is ready, makes
/// the attempt, and waits again if it would block.
///
/// Shape: movable until it is awaited, then tied to its place. No allocation.
/// Cancellation: destroying it takes it off the list of waiters; it has had no effect (G11).
/// Errors: what the attempt failed with; reactor_stopped once the reactor has gone (G12).
class Operation : public Waiter {
 public:
  /// When the first attempt may be made before the selector has spoken: see Readiness.
  enum class Trust : std::uint8_t { presumed, reported };

  Operation(Readiness& readiness, Interest interest, Trust trust = Trust::presumed) noexcept
      : Waiter(interest.mask()), readiness_(&readiness), interest_(interest), trust_(trust) {}

  bool failed() const noexcept { return failed_; }
  const Error& error() const noexcept { return error_; }

  /// Tries at once if that may succeed. True: it has ended, one way or the other.
  bool start();
  /// After start() said false: resumes `waiting` when it has ended, or fails `parent` if given.
  void suspend(std::coroutine_handle<> waiting, detail::PromiseBase* parent) noexcept {
    waiting_ = waiting;
    parent_ = parent;
  }

 protected:
  ~Operation() = default;

  virtual Attempt attempt() noexcept = 0;
  /// For an attempt that may succeed whatever the readiness.
  virtual bool always_worth_trying() const noexcept { return false; }

  /// For an attempt of several calls: false when it should give way.
  static bool may_go_on() noexcept;
  /// Whether another call is worth making, after one that did not fail.
  bool worth_trying() const noexcept;

  Interest interest() const noexcept { return interest_; }
  Readiness& readiness() const noexcept { return *readiness_; }
  /// For an attempt that was blocked by something else than when it was made: a stream that goes
  /// on to its second part.
  void waits_on(Readiness& readiness) noexcept { readiness_ = &readiness; }

  Attempt fails(const Error& error) noexcept {
    error_ = error;
    failed_ = true;
    return Attempt::failed;
  }
  /// For an attempt whose call gave an error: to wait again, or to end.
  Attempt waits_or_fails(const Error& error) noexcept {
    return error.would_block() ? Attempt::blocked : fails(error);
  }

 private:
  void run() final;
  Attempt try_once();

  Readiness* readiness_;
  std::coroutine_handle<> waiting_;
  detail::PromiseBase* parent_ = nullptr;
  Error error_;
  Interest interest_;
  Trust trust_;
  bool failed_ = false;
};

namespace detail {

/// Awaits an operation inside a task; a failure ends the task.
template <class Op>
class OperationAwaiter {
 public:
  explicit OperationAwaiter(Op& operation) noexcept : operation_(&operation) {}

  bool await_ready() { return operation_->start() && !operation_->failed(); }
  template <class P>
  FID_NOINLINE void await_suspend(std::coroutine_handle<P> waiting) {
    if (operation_->failed()) {
      waiting.promise().fail(operation_->error());
    } else {
      operation_->suspend(waiting, &waiting.promise());
    }
  }
  decltype(auto) await_resume() { return operation_->await_resume(); }

 private:
  Op* operation_;
};

/// Awaits an operation in any coroutine; gives its result.
template <class Op>
class OperationResultAwaiter {
 public:
  using Value = decltype(std::declval<Op&>().await_resume());

  explicit OperationResultAwaiter(Op& operation) noexcept : operation_(&operation) {}

  bool await_ready() { return operation_->start(); }
  void await_suspend(std::coroutine_handle<> waiting) noexcept {
    operation_->suspend(waiting, nullptr);
  }
  Result<Value> await_resume() {
    if (operation_->failed()) return fail(operation_->error());
    if constexpr (std::is_void_v<Value>) {
      operation_->await_resume();
      return {};
    } else {
      return operation_->await_resume();
    }
  }

 private:
  Op* operation_;
};

}  // namespace detail

/// Gives an operation its two awaiters: `class ReadOp final : public Awaits<ReadOp>`.
/// Op::await_resume() gives the value of an operation that succeeded.
template <class Op, class Base = Operation>
class Awaits : public Base {
 public:
  using Base::Base;
  auto passing_on() noexcept { return detail::OperationAwaiter<Op>(static_cast<Op&>(*this)); }
  auto as_result() noexcept { return detail::OperationResultAwaiter<Op>(static_cast<Op&>(*this)); }

 protected:
  ~Awaits() = default;
};

/// Waits for any of some states and gives those that hold.
class ReadyOp final : public Awaits<ReadyOp> {
 public:
  ReadyOp(Readiness& readiness, Interest interest) noexcept
      : Awaits(readiness, interest, Trust::reported) {}
  /// May be empty: a wake-up can be spurious (G9).
  Ready await_resume() const noexcept { return readiness().ready() & interest().mask(); }

 private:
  Attempt attempt() noexcept override { return Attempt::done; }
};

}  // namespace fid
