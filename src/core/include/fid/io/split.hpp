// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/caller.hpp>
#include <fid/io/read_write.hpp>

#include <memory>
#include <utility>

namespace fid {

template <AsyncStream S>
class SplitWriteHalf;

/// The reading half of any stream: see split(). Shares it with the writing half.
template <AsyncStream S>
class SplitReadHalf : public Reads<SplitReadHalf<S>> {
 public:
  explicit SplitReadHalf(std::shared_ptr<S> stream) noexcept : stream_(std::move(stream)) {}

  Result<std::size_t> attempt_read(MutableBytes into) {
    return detail::target(*stream_).attempt_read(into);
  }
  Readiness& read_readiness() { return detail::target(*stream_).read_readiness(); }

  /// Whether both halves are of one stream.
  bool is_pair_of(const SplitWriteHalf<S>& other) const noexcept;
  /// Gives the stream back. The other half is of the same stream.
  S unsplit(SplitWriteHalf<S> other, Caller caller = Caller::here()) &&;

 private:
  friend class SplitWriteHalf<S>;
  std::shared_ptr<S> stream_;
};

/// The writing half. Dropping it does not end the stream: shutdown() does.
template <AsyncStream S>
class SplitWriteHalf : public Writes<SplitWriteHalf<S>> {
 public:
  explicit SplitWriteHalf(std::shared_ptr<S> stream) noexcept : stream_(std::move(stream)) {}

  Result<std::size_t> attempt_write(Bytes from) {
    return detail::target(*stream_).attempt_write(from);
  }
  Result<std::size_t> attempt_write_vectored(WritePieces from) {
    return detail::attempt_write_pieces(detail::target(*stream_), from);
  }
  bool is_write_vectored() const noexcept {
    return fid::is_write_vectored(detail::target(*stream_));
  }
  Result<void> attempt_flush() { return detail::target(*stream_).attempt_flush(); }
  Result<void> attempt_shutdown() { return detail::target(*stream_).attempt_shutdown(); }
  Readiness& write_readiness() { return detail::target(*stream_).write_readiness(); }

  bool is_pair_of(const SplitReadHalf<S>& other) const noexcept { return other.is_pair_of(*this); }

 private:
  friend class SplitReadHalf<S>;
  std::shared_ptr<S> stream_;
};

template <AsyncStream S>
bool SplitReadHalf<S>::is_pair_of(const SplitWriteHalf<S>& other) const noexcept {
  return stream_ == other.stream_;
}

template <AsyncStream S>
S SplitReadHalf<S>::unsplit(SplitWriteHalf<S> other, Caller caller) && {
  if (!is_pair_of(other)) broken_precondition("unsplit() of halves of one stream", caller);
  const std::shared_ptr<S> stream = std::move(stream_);
  return std::move(*stream);
}

/// Any stream as two halves, which may belong to different tasks of one thread. The stream ends
/// with the last of them.
template <AsyncStream S>
std::pair<SplitReadHalf<S>, SplitWriteHalf<S>> split(S stream) {
  auto shared = std::make_shared<S>(std::move(stream));
  return {SplitReadHalf<S>(shared), SplitWriteHalf<S>(shared)};
}

}  // namespace fid
