// SPDX-License-Identifier: MIT
#pragma once

#include <fid/io/concepts.hpp>
#include <fid/io/spare_room.hpp>
#include <fid/reactor/operation.hpp>

#include <cstddef>

namespace fid {

/// One read in progress.  read(2), recv(2)
///
/// Shape: holds references only; its size does not depend on the data (G24).
/// Cancellation: a cancelled read has taken nothing.
template <AsyncRead S>
class ReadOp final : public Awaits<ReadOp<S>> {
 public:
  ReadOp(S& from, MutableBytes into) noexcept
      : Awaits<ReadOp>(from.read_readiness(), Interest::readable), from_(&from), into_(into) {}

  /// Bytes read; 0 is end of stream, or an empty buffer.
  std::size_t await_resume() const noexcept { return count_; }

 private:
  Attempt attempt() noexcept override {
    const Result<std::size_t> n = from_->attempt_read(into_);
    if (!n) {
      this->waits_on(from_->read_readiness());
      return this->waits_or_fails(n.error());
    }
    count_ = *n;
    if (count_ > 0 && count_ < into_.size() && reads_directly(*from_)) {
      this->readiness().clear_short(Interest::readable);
    }
    return Attempt::done;
  }

  S* from_;
  MutableBytes into_;
  std::size_t count_ = 0;
};

/// One write in progress.  write(2), send(2)
///
/// Shape: holds references only. Cancellation: a cancelled write has written nothing.
template <AsyncWrite S>
class WriteOp final : public Awaits<WriteOp<S>> {
 public:
  WriteOp(S& to, Bytes from) noexcept
      : Awaits<WriteOp>(to.write_readiness(), Interest::writable), to_(&to), from_(from) {}

  /// Bytes written, maybe fewer than there were.
  std::size_t await_resume() const noexcept { return count_; }

 private:
  Attempt attempt() noexcept override {
    const Result<std::size_t> n = to_->attempt_write(from_);
    if (!n) return this->waits_or_fails(n.error());
    count_ = *n;
    if (count_ > 0 && count_ < from_.size() && writes_directly(*to_)) {
      this->readiness().clear_short(Interest::writable);
    }
    return Attempt::done;
  }

  S* to_;
  Bytes from_;
  std::size_t count_ = 0;
};

/// Pushes out what a writer has buffered.
template <AsyncWrite S>
class FlushOp final : public Awaits<FlushOp<S>> {
 public:
  explicit FlushOp(S& to) noexcept
      : Awaits<FlushOp>(to.write_readiness(), Interest::writable), to_(&to) {}
  void await_resume() const noexcept {}

 private:
  // Not held back until the writer is ready: what is buffered may be nothing.
  bool always_worth_trying() const noexcept override { return true; }
  Attempt attempt() noexcept override {
    const Result<void> done = to_->attempt_flush();
    return done ? Attempt::done : this->waits_or_fails(done.error());
  }
  S* to_;
};

/// Ends the write direction: the peer reads what was written, then the end of the stream.
template <AsyncWrite S>
class ShutdownOp final : public Awaits<ShutdownOp<S>> {
 public:
  explicit ShutdownOp(S& to) noexcept
      : Awaits<ShutdownOp>(to.write_readiness(), Interest::writable), to_(&to) {}
  void await_resume() const noexcept {}

 private:
  bool always_worth_trying() const noexcept override { return true; }
  Attempt attempt() noexcept override {
    const Result<void> done = to_->attempt_shutdown();
    return done ? Attempt::done : this->waits_or_fails(done.error());
  }
  S* to_;
};

/// One call if the cached readiness says it can succeed (G7); would-block clears it.
template <class Call>
auto try_when_ready(Readiness& readiness, Interest interest, Call call) -> decltype(call()) {
  if (!readiness.has(interest)) {
    return fail(std::errc::resource_unavailable_try_again, "try");
  }
  const std::uint32_t tick = readiness.tick();
  auto result = call();
  if (!result && result.error().would_block()) readiness.clear(interest, tick);
  return result;
}

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
  /// Waits for room, or until nobody reads any more.
  ReadyOp writable() noexcept { return ReadyOp(self().write_readiness(), Interest::writable); }
  auto flush() noexcept { return FlushOp<S>(self()); }
  /// Ends the write direction once everything before it is out.
  auto shutdown() noexcept { return ShutdownOp<S>(self()); }

 protected:
  ~Writes() = default;

 private:
  S& self() noexcept { return static_cast<S&>(*this); }
};

}  // namespace fid
