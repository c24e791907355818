// SPDX-License-Identifier: MIT
#pragma once

#include <fid/net/accept_op.hpp>
#include <fid/net/address_list.hpp>
#include <fid/net/tcp_stream.hpp>
#include <fid/task/task.hpp>

#include <cstdint>
#include <string>

namespace fid {

/// A TCP socket that accepts connections.  tcp(7), listen(2)
///
/// Shape: movable, sole owner of its socket; lives on the reactor of the thread that made it.
/// Errors: a failed accept() concerns one connection; the listener goes on working.
/// Cancellation: a cancelled accept() has taken nothing; the next one gets that connection.
class TcpListener {
 public:
  /// How many connections may wait to be accepted; the system may allow fewer.
  static constexpr int default_backlog = 1024;

  /// Listens on the first of `where` that can be bound; port 0 takes a free one, see local_addr().
  /// Sets SO_REUSEADDR. Fails with the last address's error: address_in_use, permission_denied;
  /// with invalid_argument if there is none.
  static Task<TcpListener> bind(AddressList where);

  /// Adopts a listening socket that does not block.
  static Result<TcpListener> from_native(Handle socket, Caller caller = Caller::here());
  /// Gives the socket up, still listening and non-blocking.
  Result<Handle> into_native() && { return std::move(io_).release(); }

  /// The next connection: `auto [stream, peer] = co_await listener.accept();` Any number of tasks
  /// may wait; each is woken, and one of them gets it.
  AcceptOp<TcpStream> accept() const noexcept { return AcceptOp<TcpStream>(io_); }
  /// One attempt if a connection may be there; would-block otherwise.
  Result<AcceptOp<TcpStream>::Accepted> try_accept(Caller caller = Caller::here()) const {
    return AcceptOp<TcpStream>::try_accept(io_, caller);
  }
  /// Waits for a connection. May be spurious: follow with try_accept(), in a loop.
  ReadyOp readable() const noexcept { return {io_.readiness(), Interest::readable}; }

  Result<SocketAddr> local_addr() const { return detail::local_addr<SocketAddr>(native()); }
  Result<std::uint32_t> ttl() const noexcept { return sockopt::get(native(), sockopt::ttl); }
  Result<void> set_ttl(std::uint32_t hops) noexcept {
    return sockopt::set(native(), sockopt::ttl, hops);
  }

  /// Borrowed: neither to be closed nor to be made blocking.
  Native native() const noexcept { return io_.native(); }
  std::string to_string() const;

 private:
  friend class TcpSocket;
  explicit TcpListener(Registration io) noexcept : io_(std::move(io)) {}

  Registration io_;
};

}  // namespace fid
