// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/os.hpp>
#include <fid/io/stream_op.hpp>
#include <fid/reactor/try_when_ready.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>

namespace fid {

using os::ReadPieces;
using os::WritePieces;

/// What a writer of several buffers at once offers.
template <class S>
concept WritesPieces = AsyncWrite<S> && requires(S& stream, WritePieces pieces) {
  { stream.attempt_write_vectored(pieces) } -> std::same_as<Result<std::size_t>>;
};

/// Whether several buffers go out as one action; other writers take the first that is not empty.
template <AsyncWrite S>
bool is_write_vectored(const S& stream) noexcept {
  if constexpr (requires { stream.is_write_vectored(); }) {
    return stream.is_write_vectored();
  } else {
    return WritesPieces<S>;
  }
}

namespace detail {

/// The first that is not empty.
inline Bytes first_piece(WritePieces pieces) noexcept {
  const auto first =
      std::find_if(pieces.begin(), pieces.end(), [](Bytes piece) { return !piece.empty(); });
  return first != pieces.end() ? *first : Bytes();
}

template <AsyncWrite S>
Result<std::size_t> attempt_write_pieces(S& to, WritePieces from) {
  if constexpr (WritesPieces<S>) {
    return to.attempt_write_vectored(from);
  } else {
    return to.attempt_write(first_piece(from));
  }
}

}  // namespace detail

/// One gather write in progress: several buffers, in order, as one action.  writev(2)
///
/// Shape: refers to the buffers and to the array that lists them.
/// Cancellation: a cancelled write has written nothing.
template <AsyncWrite S>
class WriteVectoredOp final : public detail::WritingOp<WriteVectoredOp<S>, S> {
 public:
  WriteVectoredOp(S& to, WritePieces from) noexcept : WriteVectoredOp::WritingOp(to), from_(from) {}

  /// Bytes written; may end inside any of the buffers.
  std::size_t await_resume() const noexcept { return count_; }

 private:
  Attempt attempt() noexcept override {
    const Result<std::size_t> n = detail::attempt_write_pieces(this->stream(), from_);
    if (!n) return this->not_moved(n.error());
    count_ = *n;
    return Attempt::done;
  }

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

}  // namespace fid
