// SPDX-License-Identifier: MIT
#pragma once

#include <fid/io/raw_io.hpp>
#include <fid/net/messages.hpp>
#include <fid/net/passing.hpp>
#include <fid/net/socket_names.hpp>
#include <fid/net/unix_addr.hpp>
#include <fid/net/unix_datagram_ops.hpp>
#include <fid/reactor/registration.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace fid {

/// A Unix socket of messages, with or without a fixed peer.  unix(7), SOCK_DGRAM
///
/// Shape: movable, sole owner of its socket; lives on the reactor of the thread that made it.
/// Closing it leaves the socket's file. Messages arrive whole and in order; a full queue makes the
/// sender wait; a sender may be unnamed. The forms that take a path take no abstract name: those
/// that end in _addr do.
class UnixDatagram final : public Messages<UnixDatagram>,
                           public MessagesFromAnybody<UnixDatagram, UnixAddr>,
                           public PassesHandles<UnixDatagram>,
                           public RawIo<UnixDatagram> {
 public:
  using Address = UnixAddr;

  /// A socket that others can send to. An existing file is address_in_use.
  static Result<UnixDatagram> bind(std::string_view path, Caller caller = Caller::here());
  static Result<UnixDatagram> bind_addr(const UnixAddr& where, Caller caller = Caller::here());
  /// A socket without an address: receivers cannot answer it.
  static Result<UnixDatagram> unbound(Caller caller = Caller::here());
  /// Two unnamed sockets, each the other's peer.  socketpair(2)
  static Result<std::pair<UnixDatagram, UnixDatagram>> pair(Caller caller = Caller::here());

  /// Adopts a socket that does not block.
  static Result<UnixDatagram> from_native(Handle socket, Caller caller = Caller::here());
  /// Gives the socket up, still non-blocking.
  Result<Handle> into_native() && { return std::move(io_).release(); }

  /// Fixes the peer; may be repeated. Fails with not_found or connection_refused.
  Result<void> connect(std::string_view path);
  Result<void> connect_addr(const UnixAddr& to) noexcept;

  /// Sends to an address. While that queue is full, tries again after 1 ms and then ever later, up
  /// to every 50 ms: the system tells nobody but a connected sender when there is room.
  /// An invalid path makes the operation fail with invalid_argument.
  SendToUnixOp send_to(Bytes message, std::string_view path);
  SendToUnixOp send_to_addr(Bytes message, const UnixAddr& to) noexcept;
  /// The same with what goes along.
  SendToUnixOp send_with_to(Bytes message, const Passing& with, const UnixAddr& to) noexcept;
  /// One attempt if cached as writable. Would-block when that queue is full, and then writable()
  /// does not wait for it: to wait, use send_to().
  Result<std::size_t> try_send_to(Bytes message, std::string_view path);
  Result<std::size_t> try_send_to_addr(Bytes message, const UnixAddr& to) noexcept;

  /// Ends a direction: sending then fails with broken_pipe.
  Result<void> shutdown(os::Shutdown how) noexcept { return os::shutdown(native(), how); }

  /// Unnamed if not bound.
  Result<UnixAddr> local_addr() const { return detail::local_addr<UnixAddr>(native()); }
  /// Fails with not_connected without a fixed peer.
  Result<UnixAddr> peer_addr() const { return detail::peer_addr<UnixAddr>(native()); }
  /// The pending error of the socket, once; none when there is none. SO_ERROR
  std::optional<Error> take_error() noexcept { return detail::take_error(native()); }

  /// Borrowed: neither to be closed nor to be made blocking.
  Native native() const noexcept { return io_.native(); }

  std::string to_string() const;

  Readiness& read_readiness() const noexcept { return io_.readiness(); }
  Readiness& write_readiness() const noexcept { return io_.readiness(); }

 private:
  explicit UnixDatagram(Registration io) noexcept : io_(std::move(io)) {}

  Registration io_;
};

}  // namespace fid
