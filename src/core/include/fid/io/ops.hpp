// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/error.hpp>
#include <fid/io/cursor.hpp>
#include <fid/io/read_buf.hpp>
#include <fid/io/read_write.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <span>

/// Operations made of several attempts, on streams or on pointers that own one. All hold references
/// only: streams, buffers and cursors must outlive them. Those that are not cancel-safe say what a
/// cancelled one leaves behind.
namespace fid {

/// Fills a whole buffer: see read_exact().
template <AsyncRead S>
class ReadExactOp final : public Awaits<ReadExactOp<S>> {
 public:
  ReadExactOp(S& from, MutableBytes into) noexcept
      : Awaits<ReadExactOp>(from.read_readiness(), Interest::readable), from_(&from), left_(into) {}
  void await_resume() const noexcept {}

 private:
  bool always_worth_trying() const noexcept override { return left_.empty(); }
  Attempt attempt() noexcept override {
    while (!left_.empty()) {
      if (!this->may_go_on()) return Attempt::gives_way;
      const Result<std::size_t> n = from_->attempt_read(left_);
      if (!n) {
        this->waits_on(from_->read_readiness());
        return this->waits_or_fails(n.error());
      }
      if (*n == 0) return this->fails(Error{make_error_code(Errc::unexpected_eof), "read"});
      left_ = left_.subspan(*n);
    }
    return Attempt::done;
  }

  S* from_;
  MutableBytes left_;
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
class ReadToEndOp final : public Awaits<ReadToEndOp<S>> {
 public:
  ReadToEndOp(S& from, Buffer& into) noexcept
      : Awaits<ReadToEndOp>(from.read_readiness(), Interest::readable),
        from_(&from),
        into_(&into) {}
  /// Bytes appended.
  std::size_t await_resume() const noexcept { return count_; }

 private:
  Attempt attempt() noexcept override {
    while (this->may_go_on()) {
      const std::size_t before = into_->size();
      into_->resize(before + std::clamp(into_->capacity() - before, least, most));
      const Result<std::size_t> n = from_->attempt_read(MutableBytes(*into_).subspan(before));
      into_->resize(before + n.value_or(0));
      if (!n) {
        this->waits_on(from_->read_readiness());
        return this->waits_or_fails(n.error());
      }
      if (*n == 0) return Attempt::done;
      count_ += *n;
    }
    return Attempt::gives_way;
  }

  // Room for one read. Resizing writes to it, so it is not all there is.
  static constexpr std::size_t least = 512;
  static constexpr std::size_t most = std::size_t{32} * 1024;

  S* from_;
  Buffer* into_;
  std::size_t count_ = 0;
};

/// Appends everything until the end of the stream; gives how much that was.
/// Cancellation: what was read stays in the buffer.
template <AsyncRead S>
auto read_to_end(S& from, Buffer& into) noexcept {
  return ReadToEndOp<detail::Target<S>>(detail::target(from), into);
}

/// One read into a ReadBuf: see read_buf().
template <AsyncRead S>
class ReadBufOp final : public Awaits<ReadBufOp<S>> {
 public:
  ReadBufOp(S& from, ReadBuf& into) noexcept
      : Awaits<ReadBufOp>(from.read_readiness(), Interest::readable), from_(&from), into_(&into) {}
  std::size_t await_resume() const noexcept { return count_; }

 private:
  bool always_worth_trying() const noexcept override { return into_->remaining() == 0; }
  Attempt attempt() noexcept override {
    if (into_->remaining() == 0) return Attempt::done;
    const Result<std::size_t> n = from_->attempt_read(into_->unfilled());
    if (!n) {
      this->waits_on(from_->read_readiness());
      return this->waits_or_fails(n.error());
    }
    count_ = *n;
    into_->assume_init(count_);
    into_->advance(count_);
    return Attempt::done;
  }

  S* from_;
  ReadBuf* into_;
  std::size_t count_ = 0;
};

/// One read into the room of `into`, which advances; gives how much that was: 0 at the end of the
/// stream, and at once where there is no room.
/// Cancellation: a cancelled one has taken nothing.
template <AsyncRead S>
auto read_buf(S& from, ReadBuf& into) noexcept {
  return ReadBufOp<detail::Target<S>>(detail::target(from), into);
}

/// What a writer of several buffers at once offers; others get the first that is not empty.
template <class S>
concept WritesPieces = AsyncWrite<S> && requires(S& stream, std::span<const Bytes> pieces) {
  { stream.attempt_write_vectored(pieces) } -> std::same_as<Result<std::size_t>>;
};

namespace detail {

template <AsyncWrite S>
Result<std::size_t> attempt_write_some(S& to, Cursor& from) {
  Result<std::size_t> n;
  if constexpr (WritesPieces<S>) {
    std::array<Bytes, 64> pieces;
    const std::size_t count = from.pieces(pieces);
    n = count == 1 ? to.attempt_write(pieces[0])
                   : to.attempt_write_vectored(std::span<const Bytes>(pieces).first(count));
  } else {
    n = to.attempt_write(from.chunk());
  }
  if (n) from.advance(*n);
  return n;
}

}  // namespace detail

/// Writes from a cursor, once or until its end: see write_buf(), write_all_buf().
template <AsyncWrite S, bool all>
class WriteCursorOp final : public Awaits<WriteCursorOp<S, all>> {
 public:
  WriteCursorOp(S& to, Cursor& from) noexcept
      : Awaits<WriteCursorOp>(to.write_readiness(), Interest::writable), to_(&to), from_(&from) {}
  /// Bytes written.
  std::size_t await_resume() const noexcept { return count_; }

 private:
  bool always_worth_trying() const noexcept override { return from_->empty(); }
  Attempt attempt() noexcept override {
    while (!from_->empty()) {
      if (!this->may_go_on()) return Attempt::gives_way;
      const Result<std::size_t> n = detail::attempt_write_some(*to_, *from_);
      if (!n) return this->waits_or_fails(n.error());
      count_ += *n;
      if (!all) break;
      if (*n == 0) return this->fails(Error{make_error_code(Errc::write_zero), "write"});
    }
    return Attempt::done;
  }

  S* to_;
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
class WriteAllOp final : public Awaits<WriteAllOp<S>> {
 public:
  WriteAllOp(S& to, Bytes from) noexcept
      : Awaits<WriteAllOp>(to.write_readiness(), Interest::writable), to_(&to), left_(from) {}
  void await_resume() const noexcept {}

 private:
  bool always_worth_trying() const noexcept override { return left_.empty(); }
  Attempt attempt() noexcept override {
    while (!left_.empty()) {
      if (!this->may_go_on()) return Attempt::gives_way;
      const Result<std::size_t> n = to_->attempt_write(left_);
      if (!n) return this->waits_or_fails(n.error());
      if (*n == 0) return this->fails(Error{make_error_code(Errc::write_zero), "write"});
      left_ = left_.subspan(*n);
    }
    return Attempt::done;
  }

  S* to_;
  Bytes left_;
};

/// Writes all of `from`. Fails with write_zero if the writer takes nothing any more.
/// Cancellation: a part of it was written, and nothing tells which; see write_all_buf().
template <AsyncWrite S>
auto write_all(S& to, Bytes from) noexcept {
  return WriteAllOp<detail::Target<S>>(detail::target(to), from);
}

}  // namespace fid
