// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/bytes.hpp>
#include <fid/base/caller.hpp>

#include <cstddef>
#include <span>

namespace fid {

/// How far the writing of some bytes, in one piece or several, has come.
///
/// Shape: a view; the bytes and the list of pieces must outlive it.
class Cursor {
 public:
  explicit Cursor(Bytes bytes) noexcept : first_(bytes) {}
  explicit Cursor(std::span<const Bytes> pieces) noexcept : later_(pieces) { skip_empty(); }

  bool empty() const noexcept { return first_.empty(); }
  std::size_t remaining() const noexcept;

  /// The next bytes that lie together; empty only at the end.
  Bytes chunk() const noexcept { return first_; }
  /// Lists what is left, as far as `into` goes; gives how many pieces that is.
  std::size_t pieces(std::span<Bytes> into) const noexcept;
  /// `count` more bytes were written; at most remaining().
  void advance(std::size_t count, Caller caller = Caller::here()) noexcept;

 private:
  void skip_empty() noexcept;

  Bytes first_;
  std::span<const Bytes> later_;
};

}  // namespace fid
