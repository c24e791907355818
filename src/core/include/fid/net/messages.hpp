// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/os.hpp>
#include <fid/io/read_write.hpp>
#include <fid/io/spare_room.hpp>

#include <cstddef>

namespace fid {

/// One message being sent: the whole of it, or nothing.  send(2)
class SendOp final : public Awaits<SendOp> {
 public:
  SendOp(Readiness& readiness, Native socket, Bytes message) noexcept
      : Awaits(readiness, Interest::writable), socket_(socket), message_(message) {}

  /// Bytes sent.
  std::size_t await_resume() const noexcept { return count_; }

 private:
  Attempt attempt() noexcept override;

  Native socket_;
  Bytes message_;
  std::size_t count_ = 0;
};

/// One message being received.  recv(2)
class RecvOp final : public Awaits<RecvOp> {
 public:
  RecvOp(Readiness& readiness, Native socket, MutableBytes into) noexcept
      : Awaits(readiness, Interest::readable), socket_(socket), into_(into) {}

  /// Bytes of the message that found room.
  std::size_t await_resume() const noexcept { return count_; }

 private:
  Attempt attempt() noexcept override;

  Native socket_;
  MutableBytes into_;
  std::size_t count_ = 0;
};

/// One message being received into a buffer's spare capacity.  recv(2)
class RecvBufOp final : public Awaits<RecvBufOp> {
 public:
  RecvBufOp(Readiness& readiness, Native socket, Buffer& into) noexcept
      : Awaits(readiness, Interest::readable), socket_(socket), into_(&into) {}

  /// Bytes appended.
  std::size_t await_resume() const noexcept { return count_; }

 private:
  Attempt attempt() noexcept override;

  Native socket_;
  Buffer* into_;
  std::size_t count_ = 0;
};

/// Sending to and receiving from a connected peer, message by message: derive publicly.
///
/// A message is sent whole or not at all. One that is longer than the buffer it is received into
/// is cut. An empty message is 0 bytes, and no end.
/// Cancellation: a cancelled operation has sent or taken nothing.
template <class S>
class Messages {
 public:
  /// Waits while the peer's queue is full. Fails with not_connected, connection_refused,
  /// broken_pipe, or message_size.
  SendOp send(Bytes message) noexcept {
    return SendOp(self().write_readiness(), self().native(), message);
  }
  /// One attempt if cached as writable.
  Result<std::size_t> try_send(Bytes message) {
    return try_when_ready(self().write_readiness(), Interest::writable,
                          [&] { return self().attempt_send(message); });
  }

  RecvOp recv(MutableBytes into) noexcept {
    return RecvOp(self().read_readiness(), self().native(), into);
  }
  /// One attempt if cached as readable.
  Result<std::size_t> try_recv(MutableBytes into) {
    return try_when_ready(self().read_readiness(), Interest::readable,
                          [&] { return self().attempt_recv(into); });
  }
  /// Appends to `into` what its spare capacity holds; some is made if there is none.
  RecvBufOp recv_buf(Buffer& into) noexcept {
    return RecvBufOp(self().read_readiness(), self().native(), into);
  }
  Result<std::size_t> try_recv_buf(Buffer& into) {
    return detail::read_into_spare_room(into, [&](MutableBytes room) { return try_recv(room); });
  }

  /// Waits for a message, or for the end. May be spurious: follow with try_recv(), in a loop.
  ReadyOp readable() noexcept { return ReadyOp(self().read_readiness(), Interest::readable); }
  /// Waits for room.
  ReadyOp writable() noexcept { return ReadyOp(self().write_readiness(), Interest::writable); }

  /// One call, which never blocks.
  Result<std::size_t> attempt_send(Bytes message) noexcept {
    return os::send(self().native(), message);
  }
  Result<std::size_t> attempt_recv(MutableBytes into) noexcept {
    return os::recv(self().native(), into);
  }

 protected:
  ~Messages() = default;

 private:
  S& self() noexcept { return static_cast<S&>(*this); }
};

}  // namespace fid
