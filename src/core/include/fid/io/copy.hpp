// SPDX-License-Identifier: MIT
#pragma once

#include <fid/io/copy_direction.hpp>
#include <fid/reactor/operation.hpp>

#include <cstddef>
#include <cstdint>

namespace fid {

/// Copying in progress: see copy().
template <AsyncRead R, AsyncWrite W>
class CopyOp final : private detail::CopyEnd {
 public:
  CopyOp(R& from, W& to, std::size_t size) noexcept : direction_(from, to, size, false) {}

  auto passing_on() noexcept { return detail::OperationAwaiter<CopyOp>(*this); }
  auto as_result() noexcept { return detail::OperationResultAwaiter<CopyOp>(*this); }

  bool start() {
    direction_.start(*this);
    return direction_.ended();
  }
  using CopyEnd::error;
  using CopyEnd::failed;
  using CopyEnd::suspend;
  /// Bytes copied.
  std::uint64_t await_resume() const noexcept { return direction_.count(); }

 private:
  void direction_ended() override { finish(); }

  detail::CopyDirection<R, W> direction_;
};

/// Copies until the end of `from`, flushes `to` and does not end it; gives the number of bytes.
///
/// While `from` has nothing, `to` is flushed; while `to` is full, more is read.
/// Errors: those of either side; write_zero if `to` takes nothing any more.
/// Cancellation: up to 8 KiB that were read and not yet written are lost.
template <AsyncRead R, AsyncWrite W>
auto copy(R& from, W& to) noexcept {
  return CopyOp<detail::Target<R>, detail::Target<W>>(detail::target(from), detail::target(to),
                                                      std::size_t{8} * 1024);
}

}  // namespace fid
