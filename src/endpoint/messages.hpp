// SPDX-License-Identifier: MIT
#pragma once

#include <fid/io/stream.hpp>

#include <cstddef>
#include <memory>

namespace fid::endpoint {

/// The longest message that passes: more than the kernel's default buffer of a Unix socket holds,
/// or a UDP datagram.
inline constexpr std::size_t longest_message = 256 * 1024;

/// The longest message that is made of a stream of bytes: what any kind of datagram can hold.
inline constexpr std::size_t longest_piece = 65507;

struct Received {
  std::size_t size = 0;
  bool end = false;  ///< the connection has ended: there was no message
  bool cut = false;  ///< the message was longer than the buffer; the rest is lost
};

/// Whole messages instead of bytes: datagrams, or records on a connection. Attempts never block;
/// would-block means to wait for the readiness, as with AsyncRead and AsyncWrite.
class Messages {
 public:
  Messages() = default;
  Messages(const Messages&) = delete;
  Messages& operator=(const Messages&) = delete;
  virtual ~Messages() = default;

  /// One message, which may be empty.
  virtual Result<Received> attempt_receive(MutableBytes into) = 0;
  virtual Readiness& read_readiness() = 0;
  /// All of it or nothing.
  virtual Result<void> attempt_send(Bytes message) = 0;
  virtual Readiness& write_readiness() = 0;
  /// Tells the peer that no more will come, where that can be told.
  virtual Result<void> attempt_shutdown() = 0;
};

using MessagesPtr = std::unique_ptr<Messages>;

/// Waits for one message. Cancelled, it has taken none.
class ReceiveOp final : public Awaits<ReceiveOp> {
 public:
  ReceiveOp(Messages& from, MutableBytes into) noexcept
      : Awaits(from.read_readiness(), Interest::readable | Interest::error),
        from_(&from),
        into_(into) {}
  Received await_resume() const noexcept { return received_; }

 private:
  Attempt attempt() noexcept override {
    const Result<Received> received = from_->attempt_receive(into_);
    if (!received) return waits_or_fails(received.error());
    received_ = *received;
    return Attempt::done;
  }

  Messages* from_;
  MutableBytes into_;
  Received received_;
};

/// Sends one message, whole. Cancelled, it has sent nothing.
class SendOp final : public Awaits<SendOp> {
 public:
  SendOp(Messages& to, Bytes message) noexcept
      : Awaits(to.write_readiness(), Interest::writable), to_(&to), message_(message) {}
  void await_resume() const noexcept {}

 private:
  Attempt attempt() noexcept override {
    const Result<void> sent = to_->attempt_send(message_);
    return sent ? Attempt::done : waits_or_fails(sent.error());
  }

  Messages* to_;
  Bytes message_;
};

/// Messages as a stream of bytes: each read gives one message, an empty one is passed over, and
/// each write is sent as one message.
StreamPtr as_stream(MessagesPtr messages);

}  // namespace fid::endpoint
