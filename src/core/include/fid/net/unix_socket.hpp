// SPDX-License-Identifier: MIT
#pragma once

#include <fid/net/unix_datagram.hpp>
#include <fid/net/unix_listener.hpp>
#include <fid/net/unix_seqpacket.hpp>
#include <fid/net/unix_stream.hpp>

#include <string>
#include <string_view>

namespace fid {

/// A Unix socket that neither listens nor is connected yet: to set options first.  unix(7)
///
/// Shape: movable, sole owner of its socket. Not watched (G14), so it needs no reactor until it is
/// consumed. What its type does not have fails with operation_not_supported before any call.
class UnixSocket {
 public:
  /// One type each, without an address. Fails with too_many_files_open.
  static Result<UnixSocket> new_stream() noexcept { return create(os::SocketType::stream); }
  static Result<UnixSocket> new_datagram() noexcept { return create(os::SocketType::datagram); }
  static Result<UnixSocket> new_seqpacket() noexcept { return create(os::SocketType::seqpacket); }
  static Result<UnixSocket> create(os::SocketType type) noexcept;
  /// Adopts an unconnected socket, which must not block; the system is asked for its type.
  static Result<UnixSocket> from_native(Handle socket) noexcept;
  /// Gives the socket up.
  Handle into_native() && noexcept { return std::move(socket_); }

  /// Which type it is of.
  os::SocketType type() const noexcept { return type_; }

  /// To a path or, after a NUL, an abstract name. An existing file is address_in_use.
  Result<void> bind(std::string_view path) noexcept;
  Result<void> bind_addr(const UnixAddr& where) noexcept;

  /// Consumes a stream socket. See UnixStream::connect().
  Task<UnixStream> connect(std::string_view path, Caller caller = Caller::here()) &&;
  Task<UnixStream> connect_addr(const UnixAddr& to, Caller caller = Caller::here()) &&;
  Result<UnixListener> listen(int backlog, Caller caller = Caller::here()) &&;

  /// Consumes a seqpacket socket.
  Task<UnixSeqpacket> connect_seqpacket(const UnixAddr& to, Caller caller = Caller::here()) &&;
  Result<UnixSeqpacketListener> listen_seqpacket(int backlog, Caller caller = Caller::here()) &&;

  /// Consumes a datagram socket. Reports its pending error, if there is one.
  Result<UnixDatagram> datagram(Caller caller = Caller::here()) &&;

  /// Unnamed before bind().
  Result<UnixAddr> local_addr() const { return detail::local_addr<UnixAddr>(native()); }
  Native native() const noexcept { return socket_.get(); }
  std::string to_string() const;

 private:
  UnixSocket(Handle socket, os::SocketType type) noexcept
      : socket_(std::move(socket)), type_(type) {}

  template <class Stream>
  Task<Stream> connect_as(Result<UnixAddr> to, Caller caller);
  template <class Listener>
  Result<Listener> listen_as(os::SocketType type, int backlog, Caller caller);

  Handle socket_;
  os::SocketType type_;
};

}  // namespace fid
