// SPDX-License-Identifier: MIT
#pragma once

#include <fid/io/read_write.hpp>

#include <cstddef>
#include <utility>

namespace fid {

/// A reader and a writer as one stream: see join(). Each call goes to its part.
template <AsyncRead R, AsyncWrite W>
class Join : public Reads<Join<R, W>>, public Writes<Join<R, W>> {
 public:
  Join(R&& reader, W&& writer)
      : reader_(std::forward<R>(reader)), writer_(std::forward<W>(writer)) {}

  Result<std::size_t> attempt_read(MutableBytes into) {
    return detail::target(reader_).attempt_read(into);
  }
  Readiness& read_readiness() { return detail::target(reader_).read_readiness(); }
  Result<Bytes> attempt_fill() requires AsyncBufRead<R> {
    return detail::target(reader_).attempt_fill();
  }
  void consume(std::size_t count) requires AsyncBufRead<R> {
    detail::target(reader_).consume(count);
  }

  Result<std::size_t> attempt_write(Bytes from) {
    return detail::target(writer_).attempt_write(from);
  }
  Result<std::size_t> attempt_write_vectored(WritePieces pieces) {
    return detail::attempt_write_pieces(detail::target(writer_), pieces);
  }
  bool is_write_vectored() const noexcept {
    return fid::is_write_vectored(detail::target(writer_));
  }
  Result<void> attempt_flush() { return detail::target(writer_).attempt_flush(); }
  Result<void> attempt_shutdown() { return detail::target(writer_).attempt_shutdown(); }
  Readiness& write_readiness() { return detail::target(writer_).write_readiness(); }

  const auto& reader() const noexcept { return reader_; }
  const auto& writer() const noexcept { return writer_; }
  auto& reader_mut() noexcept { return reader_; }
  auto& writer_mut() noexcept { return writer_; }
  /// Both again.
  std::pair<R, W> into_inner() && {
    return std::pair<R, W>(std::forward<R>(reader_), std::forward<W>(writer_));
  }

 private:
  R reader_;
  W writer_;
};

/// One stream of two parts: of those given by reference, or of this one's own.
template <class R, class W>
Join<R, W> join(R&& reader, W&& writer) {
  return Join<R, W>(std::forward<R>(reader), std::forward<W>(writer));
}

}  // namespace fid
