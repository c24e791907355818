// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/caller.hpp>
#include <fid/io/read_write.hpp>

#include <optional>
#include <type_traits>
#include <utility>

namespace fid {

/// A call of one's own, made when a handle is ready and made again while it would block.
///
/// Cancellation: only between calls; what the last one did stays done.
template <class F>
class RawIoOp final : public Awaits<RawIoOp<F>> {
 public:
  using Value = typename std::invoke_result_t<F&>::value_type;

  RawIoOp(Readiness& readiness, Interest interest, F call)
      : Awaits<RawIoOp>(readiness, interest, Operation::Trust::reported), call_(std::move(call)) {}

  Value await_resume() {
    if constexpr (!std::is_void_v<Value>) return std::move(**result_);
  }

 private:
  Attempt attempt() noexcept override {
    result_.emplace(call_());
    return *result_ ? Attempt::done : this->waits_or_fails(result_->error());
  }

  F call_;
  std::optional<Result<Value>> result_;
};

/// One call if the cached readiness says it can succeed; would-block clears that state (G7).
/// `interest` has one member (G10): more is a broken promise of the caller.
template <class F>
auto try_raw_io(Readiness& readiness, Interest interest, F call, Caller caller) {
  if (!interest.is_single()) broken_precondition("try_io() waits for one state", caller);
  return try_when_ready(readiness, interest, std::move(call));
}

/// Readiness, and system calls of one's own, for what has read_readiness() and one readiness in
/// all: derive publicly.
///
/// The calls return a Result and are made on the native handle, not through the object's members;
/// would-block, as system_category() has it, says that they wait. Name a lambda that captures
/// before awaiting: `auto call = [&] {...}; co_await socket.async_io(Interest::readable, call);`
template <class S>
class RawIo {
 public:
  /// Waits for any of some states and gives those that hold; may be spurious, and empty then (G9).
  ReadyOp ready(Interest interest) noexcept { return ReadyOp(self().read_readiness(), interest); }

  /// Calls `call` once if `interest`, which has one member, holds; else fails with would-block.
  template <class F>
  auto try_io(Interest interest, F call, Caller caller = Caller::here()) {
    return try_raw_io(self().read_readiness(), interest, std::move(call), caller);
  }

  /// Waits until `interest` holds, calls `call`, and does so again while that would block.
  template <class F>
  RawIoOp<F> async_io(Interest interest, F call) {
    return RawIoOp<F>(self().read_readiness(), interest, std::move(call));
  }

 protected:
  ~RawIo() = default;

 private:
  S& self() noexcept { return static_cast<S&>(*this); }
};

}  // namespace fid
