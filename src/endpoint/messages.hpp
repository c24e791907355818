// SPDX-License-Identifier: MIT
#pragma once

#include <fid/io/stream.hpp>

#include <cstddef>
#include <memory>

namespace fid::endpoint {

/// The longest message that passes whole: what the largest UDP datagram and the kernel's default
/// buffer of a Unix socket hold.
inline constexpr std::size_t longest_message = 65536;

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

/// Messages as a stream of bytes: each read gives one message, an empty one is passed over, and
/// each write is sent as one message.
StreamPtr as_stream(MessagesPtr messages);

}  // namespace fid::endpoint
