// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/error.hpp>
#include <fid/io/cursor.hpp>
#include <fid/io/read_buf.hpp>
#include <fid/io/read_write.hpp>
#include <fid/io/vectored.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>

/// Operations made of several attempts, on streams or on pointers that own one. All hold references
/// only: streams, buffers and cursors must outlive them. Those that are not cancel-safe say what a
/// cancelled one leaves behind.
namespace fid {

/// Fills a whole buffer: see read_exact().
template <AsyncRead S>
class ReadExactOp final
    : public detail::WholeSpanOp<detail::ReadingOp<ReadExactOp<S>, S>, MutableBytes> {
 public:
  ReadExactOp(S& from, MutableBytes into) noexcept : ReadExactOp::WholeSpanOp(from, into) {}

 private:
  Attempt attempt() noexcept override {
    const auto read = [this](MutableBytes left) { return this->stream().attempt_read(left); };
    return this->move_all(read, Errc::unexpected_eof, "read");
  }
};

/// Fills `into` and reads nothing beyond it. Fails with unexpected_eof if the stream ends before;
/// what the buffer holds is then unspecified.
/// Cancellation: what was read is lost.
template <AsyncRead S>
auto read_exact(S& from, MutableBytes into) noexcept {
  return ReadExactOp<detail::Target<S>>(detail::target(from), into);
}

/// Appends everything: see read_to_end().
template <AsyncRead S>
class ReadToEndOp final : public detail::ReadingOp<ReadToEndOp<S>, S> {
 public:
  ReadToEndOp(S& from, Buffer& into) noexcept : ReadToEndOp::ReadingOp(from), into_(&into) {}
  /// Bytes appended.
  std::size_t await_resume() const noexcept { return count_; }

 private:
  Attempt attempt() noexcept override {
    while (this->may_go_on()) {
      const std::size_t before = into_->size();
      into_->resize(before + std::clamp(into_->capacity() - before, least, most));
      const Result<std::size_t> n =
          this->stream().attempt_read(MutableBytes(*into_).subspan(before));
      into_->resize(before + n.value_or(0));
      if (!n) return this->not_moved(n.error());
      if (*n == 0) return Attempt::done;
      count_ += *n;
    }
    return Attempt::gives_way;
  }

  // Room for one read. Resizing writes to it, so it is not all there is.
  static constexpr std::size_t least = 512;
  static constexpr std::size_t most = std::size_t{32} * 1024;

  Buffer* into_;
  std::size_t count_ = 0;
};

/// Appends everything until the end of the stream; gives how much that was.
/// Cancellation: what was read stays in the buffer.
template <AsyncRead S>
auto read_to_end(S& from, Buffer& into) noexcept {
  return ReadToEndOp<detail::Target<S>>(detail::target(from), into);
}

/// One read into a ReadBuf or a Buffer: see read_buf().
template <AsyncRead S, class Room>
class ReadBufOp final : public detail::ReadingOp<ReadBufOp<S, Room>, S> {
 public:
  ReadBufOp(S& from, Room& into) noexcept : ReadBufOp::ReadingOp(from), into_(&into) {}
  std::size_t await_resume() const noexcept { return count_; }

 private:
  bool has_no_room() const noexcept {
    if constexpr (std::same_as<Room, ReadBuf>) return into_->remaining() == 0;
    return false;
  }
  bool always_worth_trying() const noexcept override { return has_no_room(); }
  Attempt attempt() noexcept override {
    if (has_no_room()) return Attempt::done;
    const auto read = [this](MutableBytes room) { return this->stream().attempt_read(room); };
    const Result<std::size_t> n = detail::read_into_spare_room(*into_, read);
    if (!n) return this->not_moved(n.error());
    count_ = *n;
    return Attempt::done;
  }

  Room* into_;
  std::size_t count_ = 0;
};

/// One read into the room of `into`, which advances; gives how much that was: 0 at the end of the
/// stream, and at once where there is no room.
/// Cancellation: a cancelled one has taken nothing.
template <AsyncRead S>
auto read_buf(S& from, ReadBuf& into) noexcept {
  return ReadBufOp<detail::Target<S>, ReadBuf>(detail::target(from), into);
}

/// The same into the spare capacity of a buffer that grows: some is made if there is none.
template <AsyncRead S>
auto read_buf(S& from, Buffer& into) noexcept {
  return ReadBufOp<detail::Target<S>, Buffer>(detail::target(from), into);
}

namespace detail {

template <AsyncWrite S>
Result<std::size_t> attempt_write_some(S& to, Cursor& from) {
  std::array<Bytes, 64> pieces;
  const std::size_t count = is_write_vectored(to) ? from.pieces(pieces) : 1;
  const auto n = count == 1 ? to.attempt_write(from.chunk())
                            : attempt_write_pieces(to, WritePieces(pieces).first(count));
  if (n) from.advance(*n);
  return n;
}

}  // namespace detail

/// Writes from a cursor, once or until its end: see write_buf(), write_all_buf().
template <AsyncWrite S, bool all>
class WriteCursorOp final : public detail::WritingOp<WriteCursorOp<S, all>, S> {
 public:
  WriteCursorOp(S& to, Cursor& from) noexcept : WriteCursorOp::WritingOp(to), from_(&from) {}
  /// Bytes written.
  std::size_t await_resume() const noexcept { return count_; }

 private:
  bool always_worth_trying() const noexcept override { return from_->empty(); }
  Attempt attempt() noexcept override {
    while (!from_->empty()) {
      if (!this->may_go_on()) return Attempt::gives_way;
      const Result<std::size_t> n = detail::attempt_write_some(this->stream(), *from_);
      if (!n) return this->not_moved(n.error());
      count_ += *n;
      if (!all) break;
      if (*n == 0) return this->fails(Error{make_error_code(Errc::write_zero), "write"});
    }
    return Attempt::done;
  }

  Cursor* from_;
  std::size_t count_ = 0;
};

/// One write of what is left, or of a part of it; gives how much that was, and the cursor
/// advances. 0 at once if nothing is left. Several pieces go out as one where the writer can.
/// Cancellation: a cancelled one has written nothing.
template <AsyncWrite S>
auto write_buf(S& to, Cursor& from) noexcept {
  return WriteCursorOp<detail::Target<S>, false>(detail::target(to), from);
}

/// Writes all that is left. Fails with write_zero if the writer takes nothing any more.
/// Cancellation: the cursor tells how far it got, as it does after a failure.
template <AsyncWrite S>
auto write_all_buf(S& to, Cursor& from) noexcept {
  return WriteCursorOp<detail::Target<S>, true>(detail::target(to), from);
}

/// Writes a whole buffer: see write_all().
template <AsyncWrite S>
class WriteAllOp final : public detail::WholeSpanOp<detail::WritingOp<WriteAllOp<S>, S>, Bytes> {
 public:
  WriteAllOp(S& to, Bytes from) noexcept : WriteAllOp::WholeSpanOp(to, from) {}

 private:
  Attempt attempt() noexcept override {
    const auto write = [this](Bytes left) { return this->stream().attempt_write(left); };
    return this->move_all(write, Errc::write_zero, "write");
  }
};

/// Writes all of `from`. Fails with write_zero if the writer takes nothing any more.
/// Cancellation: a part of it was written, and nothing tells which; see write_all_buf().
template <AsyncWrite S>
auto write_all(S& to, Bytes from) noexcept {
  return WriteAllOp<detail::Target<S>>(detail::target(to), from);
}

}  // namespace fid
