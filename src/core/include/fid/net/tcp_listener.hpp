// SPDX-License-Identifier: MIT
#pragma once

#include <fid/net/address_list.hpp>
#include <fid/net/listener_socket.hpp>
#include <fid/net/tcp_stream.hpp>
#include <fid/task/task.hpp>

#include <cstdint>
#include <string>

namespace fid {

/// A TCP socket that accepts connections.  tcp(7), listen(2)
///
/// Accepting, waiting, its address: see ListenerSocket.
class TcpListener final : public ListenerSocket<TcpListener, TcpStream> {
 public:
  /// How many connections may wait to be accepted; the system may allow fewer.
  static constexpr int default_backlog = 1024;

  /// Listens on the first of `where` that can be bound; port 0 takes a free one, see local_addr().
  /// Sets SO_REUSEADDR. Fails with the last address's error: address_in_use, permission_denied;
  /// with invalid_argument if there is none.
  static Task<TcpListener> bind(AddressList where);

  /// How many networks a packet of its connections may pass.
  Result<std::uint32_t> ttl() const noexcept { return sockopt::get(native(), sockopt::ttl); }
  Result<void> set_ttl(std::uint32_t hops) noexcept {
    return sockopt::set(native(), sockopt::ttl, hops);
  }

  std::string to_string() const;

 private:
  friend class ListenerSocket<TcpListener, TcpStream>;
  explicit TcpListener(Registration io) noexcept : ListenerSocket(std::move(io)) {}
};

}  // namespace fid
