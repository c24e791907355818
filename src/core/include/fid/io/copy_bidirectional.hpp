// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/caller.hpp>
#include <fid/io/copy_direction.hpp>
#include <fid/reactor/operation.hpp>

#include <cstddef>
#include <cstdint>

namespace fid {

/// Bytes that went each way.
struct CopyCounts {
  std::uint64_t a_to_b = 0;
  std::uint64_t b_to_a = 0;
};

/// Copying both ways in progress: see copy_bidirectional().
template <AsyncStream A, AsyncStream B>
class CopyBidirectionalOp final : private detail::CopyEnd {
 public:
  CopyBidirectionalOp(A& a, B& b, std::size_t a_to_b, std::size_t b_to_a) noexcept
      : there_(a, b, a_to_b, true), back_(b, a, b_to_a, true) {}

  auto passing_on() noexcept { return detail::OperationAwaiter<CopyBidirectionalOp>(*this); }
  auto as_result() noexcept { return detail::OperationResultAwaiter<CopyBidirectionalOp>(*this); }

  bool start() {
    there_.start(*this);
    if (!failed()) back_.start(*this);
    return ended();
  }
  using CopyEnd::error;
  using CopyEnd::failed;
  using CopyEnd::suspend;
  CopyCounts await_resume() const noexcept { return {there_.count(), back_.count()}; }

 private:
  bool ended() const noexcept { return failed() || (there_.ended() && back_.ended()); }

  void direction_ended() override {
    if (!ended()) return;
    there_.stop();
    back_.stop();
    finish();
  }

  detail::CopyDirection<A, B> there_;
  detail::CopyDirection<B, A> back_;
};

/// As copy_bidirectional(), with buffers of so many bytes, not 0, each way.
template <AsyncStream A, AsyncStream B>
auto copy_bidirectional_with_sizes(A& a, B& b, std::size_t a_to_b, std::size_t b_to_a,
                                   Caller caller = Caller::here()) {
  if (a_to_b == 0 || b_to_a == 0) broken_precondition("buffers with room in them", caller);
  return CopyBidirectionalOp<detail::Target<A>, detail::Target<B>>(
      detail::target(a), detail::target(b), a_to_b, b_to_a);
}

/// Copies both ways at once. The end of one side's stream ends the other's writing direction, while
/// the opposite direction goes on; done when both are. Neither holds the other up.
///
/// Errors: the first of either direction ends both at once; the streams are left as they are.
/// Cancellation: up to 8 KiB each way that were read and not yet written are lost.
template <AsyncStream A, AsyncStream B>
auto copy_bidirectional(A& a, B& b) {
  constexpr std::size_t size = std::size_t{8} * 1024;
  return copy_bidirectional_with_sizes(a, b, size, size);
}

}  // namespace fid
