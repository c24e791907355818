// SPDX-License-Identifier: MIT
#pragma once

#include <fid/net/address_list.hpp>
#include <fid/net/message_op.hpp>
#include <fid/net/socket_addr.hpp>
#include <fid/net/socket_options.hpp>
#include <fid/net/stream_socket.hpp>
#include <fid/task/task.hpp>

#include <cstdint>
#include <string>

namespace fid {

/// A TCP connection.  tcp(7)
///
/// Reading, writing, waiting, addresses: see StreamSocket. Here is what only TCP has.
/// End of stream: shutdown() sends it and may be repeated; on a connection that is gone it
/// succeeds, since there is nobody to tell.
class TcpStream final : public StreamSocket<TcpStream, SocketAddr> {
 public:
  /// Looks up `to` and tries its addresses one after another; the first that answers wins.
  /// Fails with the last address's error: connection_refused, network_unreachable, timed_out;
  /// with invalid_argument if there is none. See connect_any() for trying them in parallel.
  /// Cancellation: abandons the attempt.
  static Task<TcpStream> connect(AddressList to);

  /// Adopts a connected socket that does not block.
  static Result<TcpStream> from_native(Handle socket, Caller caller = Caller::here());

  /// Copies what is queued without taking it: the next read gets it again. 0 is the end of stream,
  /// or an empty buffer.
  PeekOp peek(MutableBytes into) noexcept { return {read_readiness(), native(), {into}}; }
  Result<std::size_t> try_peek(MutableBytes into);

  /// Off at first: small writes wait for the peer's answer to earlier ones.
  Result<bool> nodelay() const noexcept { return sockopt::get(native(), sockopt::nodelay); }
  Result<void> set_nodelay(bool on) noexcept {
    return sockopt::set(native(), sockopt::nodelay, on);
  }
  /// Linux. Not sticky: the kernel leaves and enters this mode as it sees fit.
  Result<bool> quickack() const noexcept { return sockopt::get(native(), sockopt::quickack); }
  Result<void> set_quickack(bool on) noexcept {
    return sockopt::set(native(), sockopt::quickack, on);
  }
  /// A time other than zero makes closing block the thread: see sockopt::Linger.
  Result<sockopt::Linger> linger() const noexcept {
    return sockopt::get(native(), sockopt::linger);
  }
  Result<void> set_linger(sockopt::Linger time) noexcept {
    return sockopt::set(native(), sockopt::linger, time);
  }
  /// Closing will reset the connection at once, and discard what is unsent. Never blocks.
  Result<void> set_zero_linger() noexcept { return set_linger(std::chrono::milliseconds::zero()); }
  /// How many networks a packet may pass.
  Result<std::uint32_t> ttl() const noexcept { return sockopt::get(native(), sockopt::ttl); }
  Result<void> set_ttl(std::uint32_t hops) noexcept {
    return sockopt::set(native(), sockopt::ttl, hops);
  }

  /// Whether both ends speak Multipath TCP. Linux 6.9; fails with no_protocol_option elsewhere.
  Result<bool> is_multipath() const noexcept { return sockopt::get(native(), sockopt::multipath); }

  std::string to_string() const;

  Result<void> attempt_shutdown() noexcept;

 private:
  friend class TcpSocket;
  /// Urgent data too: while some is queued a short read does not mean that the queue is empty.
  static constexpr Interest interest = Interest::readable | Interest::writable | Interest::priority;

  explicit TcpStream(Registration io) noexcept : StreamSocket(std::move(io)) {}
};

}  // namespace fid
