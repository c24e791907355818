// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/caller.hpp>
#include <fid/net/ip_options.hpp>
#include <fid/net/socket_addr.hpp>
#include <fid/net/socket_options.hpp>
#include <fid/net/tcp_listener.hpp>
#include <fid/net/tcp_stream.hpp>
#include <fid/task/task.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace fid {

/// A TCP socket that neither listens nor is connected yet: to set options first.  tcp(7)
///
/// Shape: movable, sole owner of its socket. Not watched (G14), so it needs no reactor until
/// connect() or listen() consume it. sockopt::set(native(), ...) knows further options.
class TcpSocket final : public IpOptions<TcpSocket> {
 public:
  /// For one family. Fails with too_many_files_open.
  static Result<TcpSocket> new_v4() noexcept { return create(os::Family::inet4); }
  static Result<TcpSocket> new_v6() noexcept { return create(os::Family::inet6); }
  /// Multipath TCP, which uses several addresses of a host for one connection, and is plain TCP to
  /// a peer that does not speak it: see TcpStream::is_multipath(). Linux. Fails with
  /// protocol_not_supported, or no_protocol_option where it is switched off.  mptcpize(8)
  static Result<TcpSocket> new_multipath(os::Family family) noexcept {
    return create(family, os::Protocol::multipath);
  }
  /// One that can be bound or connected to `address`.
  static Result<TcpSocket> new_for(const SocketAddr& address) noexcept {
    return create(address.family());
  }
  /// Adopts an unconnected socket made elsewhere, which must not block.
  static TcpSocket from_native(Handle socket) noexcept { return TcpSocket(std::move(socket)); }
  /// Gives the socket up.
  Handle into_native() && noexcept { return std::move(socket_); }

  /// One address, no lookup.
  Result<void> bind(const SocketAddr& address) noexcept {
    return os::bind(socket_.get(), address.to_raw());
  }

  /// Connects, and consumes the socket; a failure closes it. A task that is destroyed abandons
  /// the attempt. The reactor must be in scope at the call.
  Task<TcpStream> connect(const SocketAddr& to, Caller caller = Caller::here()) &&;

  /// Listens, and consumes the socket. Without bind(), on a port of the system's choice.
  /// A backlog above the system's limit means that limit.
  Result<TcpListener> listen(int backlog, Caller caller = Caller::here()) &&;

  /// Whether an idle connection is probed, so that a peer that vanished is noticed. Off at first.
  Result<void> set_keepalive(bool on) noexcept { return set(sockopt::keepalive, on); }
  Result<bool> keepalive() const noexcept { return get(sockopt::keepalive); }
  /// Off, unlike in TcpListener::bind().
  Result<void> set_reuseaddr(bool on) noexcept { return set(sockopt::reuseaddr, on); }
  Result<bool> reuseaddr() const noexcept { return get(sockopt::reuseaddr); }
  /// Before bind(), on every socket that is to share the port.
  Result<void> set_reuseport(bool on) noexcept { return set(sockopt::reuseport, on); }
  Result<bool> reuseport() const noexcept { return get(sockopt::reuseport); }
  /// Bytes. The system clamps it; Linux reports twice what was set.
  Result<void> set_send_buffer_size(std::uint32_t size) noexcept {
    return set(sockopt::send_buffer_size, size);
  }
  Result<std::uint32_t> send_buffer_size() const noexcept { return get(sockopt::send_buffer_size); }
  /// The window scale follows it only if it is set before connect() or listen().
  Result<void> set_recv_buffer_size(std::uint32_t size) noexcept {
    return set(sockopt::recv_buffer_size, size);
  }
  Result<std::uint32_t> recv_buffer_size() const noexcept { return get(sockopt::recv_buffer_size); }
  /// As TcpStream has them.
  Result<void> set_linger(sockopt::Linger time) noexcept { return set(sockopt::linger, time); }
  Result<void> set_zero_linger() noexcept { return set_linger(std::chrono::milliseconds::zero()); }
  Result<sockopt::Linger> linger() const noexcept { return get(sockopt::linger); }
  Result<void> set_nodelay(bool on) noexcept { return set(sockopt::nodelay, on); }
  Result<bool> nodelay() const noexcept { return get(sockopt::nodelay); }
  /// Before listen(): how many connections may wait that sent data with their SYN; 0 for none, as
  /// at first. The system may have to allow it too (net.ipv4.tcp_fastopen).  RFC 7413
  Result<void> set_fastopen(std::uint32_t queue) noexcept { return set(sockopt::fastopen, queue); }
  Result<std::uint32_t> fastopen() const noexcept { return get(sockopt::fastopen); }
  /// Before connect(): to a peer known to take it, connecting ends at once, and the first write
  /// goes with the SYN; that the peer refuses is reported by what comes after.
  Result<void> set_fastopen_connect(bool on) noexcept { return set(sockopt::fastopen_connect, on); }
  Result<bool> fastopen_connect() const noexcept { return get(sockopt::fastopen_connect); }

  /// Before bind(), the unspecified address.
  Result<SocketAddr> local_addr() const { return detail::local_addr<SocketAddr>(native()); }
  /// The pending error of the socket, once; none when there is none. SO_ERROR
  std::optional<Error> take_error() noexcept { return detail::take_error(native()); }

  Native native() const noexcept { return socket_.get(); }
  std::string to_string() const;

 private:
  explicit TcpSocket(Handle socket) noexcept : socket_(std::move(socket)) {}

  static Result<TcpSocket> create(os::Family family,
                                  os::Protocol protocol = os::Protocol::usual) noexcept;

  template <class T, class V>
  Result<void> set(const sockopt::SocketOption<T>& option, const V& value) noexcept {
    return sockopt::set(native(), option, value);
  }
  template <class T>
  Result<T> get(const sockopt::SocketOption<T>& option) const {
    return sockopt::get(native(), option);
  }

  Handle socket_;
};

}  // namespace fid
