// SPDX-License-Identifier: MIT
#pragma once

#include <fid/io/spare_room.hpp>
#include <fid/io/stream_op.hpp>
#include <fid/io/vectored.hpp>
#include <fid/reactor/try_when_ready.hpp>

#include <cstddef>

namespace fid {

/// One read in progress.  read(2), recv(2)
///
/// Shape: holds references only; its size does not depend on the data (G24).
/// Cancellation: a cancelled read has taken nothing.
template <AsyncRead S>
class ReadOp final : public detail::ReadingOp<ReadOp<S>, S> {
 public:
  ReadOp(S& from, MutableBytes into) noexcept : ReadOp::ReadingOp(from), into_(into) {}

  /// Bytes read; 0 is end of stream, or an empty buffer.
  std::size_t await_resume() const noexcept { return count_; }

 private:
  Attempt attempt() noexcept override {
    const Result<std::size_t> n = this->stream().attempt_read(into_);
    if (!n) return this->not_moved(n.error());
    count_ = *n;
    if (count_ > 0 && count_ < into_.size() && reads_directly(this->stream())) {
      this->readiness().clear_short(Interest::readable);
    }
    return Attempt::done;
  }

  MutableBytes into_;
  std::size_t count_ = 0;
};

/// One write in progress.  write(2), send(2)
///
/// Shape: holds references only. Cancellation: a cancelled write has written nothing.
template <AsyncWrite S>
class WriteOp final : public detail::WritingOp<WriteOp<S>, S> {
 public:
  WriteOp(S& to, Bytes from) noexcept : WriteOp::WritingOp(to), from_(from) {}

  /// Bytes written, maybe fewer than there were.
  std::size_t await_resume() const noexcept { return count_; }

 private:
  Attempt attempt() noexcept override {
    const Result<std::size_t> n = this->stream().attempt_write(from_);
    if (!n) return this->not_moved(n.error());
    count_ = *n;
    if (count_ > 0 && count_ < from_.size() && writes_directly(this->stream())) {
      this->readiness().clear_short(Interest::writable);
    }
    return Attempt::done;
  }

  Bytes from_;
  std::size_t count_ = 0;
};

namespace detail {

/// One call on a writer that needs no room. Not held back until the writer is ready: what is
/// buffered may be nothing.
template <class Op, AsyncWrite S>
class SettlingOp : public WritingOp<Op, S> {
 public:
  using WritingOp<Op, S>::WritingOp;
  void await_resume() const noexcept {}

 protected:
  ~SettlingOp() = default;

  Attempt settle(const Result<void>& done) noexcept {
    return done ? Attempt::done : this->not_moved(done.error());
  }

 private:
  bool always_worth_trying() const noexcept override { return true; }
};

}  // namespace detail

/// Pushes out what a writer has buffered.
template <AsyncWrite S>
class FlushOp final : public detail::SettlingOp<FlushOp<S>, S> {
 public:
  explicit FlushOp(S& to) noexcept : FlushOp::SettlingOp(to) {}

 private:
  Attempt attempt() noexcept override { return this->settle(this->stream().attempt_flush()); }
};

/// Ends the write direction: the peer reads what was written, then the end of the stream.
template <AsyncWrite S>
class ShutdownOp final : public detail::SettlingOp<ShutdownOp<S>, S> {
 public:
  explicit ShutdownOp(S& to) noexcept : ShutdownOp::SettlingOp(to) {}

 private:
  Attempt attempt() noexcept override { return this->settle(this->stream().attempt_shutdown()); }
};

/// The reading members every readable type has, made from its attempt_read(): derive publicly.
template <class S>
class Reads {
 public:
  /// One read of up to the buffer's size; 0 is the end of the stream.
  auto read(MutableBytes into) noexcept { return ReadOp<S>(self(), into); }
  /// One attempt if cached as readable; would-block otherwise.
  Result<std::size_t> try_read(MutableBytes into) {
    return try_when_ready(self().read_readiness(), Interest::readable,
                          [&] { return self().attempt_read(into); });
  }
  /// One attempt to append to `into` what its spare capacity holds; some is made if there is none.
  Result<std::size_t> try_read_buf(Buffer& into) {
    return detail::read_into_spare_room(into, [&](MutableBytes room) { return try_read(room); });
  }
  /// Waits for data, or for the end of it. May be spurious: follow with try_read(), in a loop.
  ReadyOp readable() noexcept { return ReadyOp(self().read_readiness(), Interest::readable); }

 protected:
  ~Reads() = default;

 private:
  S& self() noexcept { return static_cast<S&>(*this); }
};

/// The writing members every writable type has: derive publicly.
template <class S>
class Writes {
 public:
  /// One write, maybe short.
  auto write(Bytes from) noexcept { return WriteOp<S>(self(), from); }
  /// One attempt if cached as writable; would-block otherwise.
  Result<std::size_t> try_write(Bytes from) {
    return try_when_ready(self().write_readiness(), Interest::writable,
                          [&] { return self().attempt_write(from); });
  }
  /// One gather write, maybe short: see is_write_vectored(). At most IOV_MAX buffers are used.
  auto write_vectored(WritePieces from) noexcept { return WriteVectoredOp<S>(self(), from); }
  /// One attempt if cached as writable.
  Result<std::size_t> try_write_vectored(WritePieces from) {
    return try_when_ready(self().write_readiness(), Interest::writable,
                          [&] { return detail::attempt_write_pieces(self(), from); });
  }
  /// Waits for room, or until nobody reads any more.
  ReadyOp writable() noexcept { return ReadyOp(self().write_readiness(), Interest::writable); }
  /// Waits until what is buffered has gone out.
  auto flush() noexcept { return FlushOp<S>(self()); }
  /// Ends the write direction once everything before it is out.
  auto shutdown() noexcept { return ShutdownOp<S>(self()); }

 protected:
  ~Writes() = default;

 private:
  S& self() noexcept { return static_cast<S&>(*this); }
};

}  // namespace fid
