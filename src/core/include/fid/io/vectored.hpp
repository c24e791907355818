// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/os.hpp>
#include <fid/io/read_write.hpp>

#include <cstddef>

namespace fid {

using os::ReadPieces;
using os::WritePieces;

/// One gather write in progress: several buffers, in order, as one action.  writev(2)
///
/// Shape: refers to the buffers and to the array that lists them.
/// Cancellation: a cancelled write has written nothing.
template <class S>
class WriteVectoredOp final : public Awaits<WriteVectoredOp<S>> {
 public:
  WriteVectoredOp(S& to, WritePieces from) noexcept
      : Awaits<WriteVectoredOp>(to.write_readiness(), Interest::writable), to_(&to), from_(from) {}

  /// Bytes written; may end inside any of the buffers.
  std::size_t await_resume() const noexcept { return count_; }

 private:
  Attempt attempt() noexcept override {
    const Result<std::size_t> n = to_->attempt_write_vectored(from_);
    if (!n) return this->waits_or_fails(n.error());
    count_ = *n;
    return Attempt::done;
  }

  S* to_;
  WritePieces from_;
  std::size_t count_ = 0;
};

/// Scatter reads, made from attempt_read_vectored(): derive publicly. There is no asynchronous
/// one: wait until readable() and try.
template <class S>
class ReadsVectored {
 public:
  /// One attempt if cached as readable. Fills the buffers in order; the last one used may be
  /// filled in part, and the rest stay as they are. At most IOV_MAX buffers are used.
  Result<std::size_t> try_read_vectored(ReadPieces into) {
    S& self = static_cast<S&>(*this);
    return try_when_ready(self.read_readiness(), Interest::readable,
                          [&] { return self.attempt_read_vectored(into); });
  }

 protected:
  ~ReadsVectored() = default;
};

/// Gather writes, made from attempt_write_vectored(): derive publicly.
template <class S>
class WritesVectored {
 public:
  /// One gather write, maybe short. At most IOV_MAX buffers are used.
  auto write_vectored(WritePieces from) noexcept { return WriteVectoredOp<S>(self(), from); }
  /// One attempt if cached as writable.
  Result<std::size_t> try_write_vectored(WritePieces from) {
    return try_when_ready(self().write_readiness(), Interest::writable,
                          [&] { return self().attempt_write_vectored(from); });
  }

 protected:
  ~WritesVectored() = default;

 private:
  S& self() noexcept { return static_cast<S&>(*this); }
};

}  // namespace fid
