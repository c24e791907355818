// SPDX-License-Identifier: MIT
#pragma once

#include <fid/net/accept_op.hpp>
#include <fid/net/unix_seqpacket.hpp>
#include <fid/net/unix_stream.hpp>

#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace fid {

/// A Unix socket that accepts connections: UnixListener, or UnixSeqpacketListener.  unix(7)
///
/// Shape: movable, sole owner of its socket; lives on the reactor of the thread that made it.
/// Closing it leaves the socket's file, and resets the clients that wait.
/// Errors: a failed accept() concerns one connection; the listener goes on working.
/// Cancellation: a cancelled accept() has taken nothing; the next one gets that connection.
template <class Stream>
class BasicUnixListener {
 public:
  /// As many connections may wait to be accepted as the system allows.
  static constexpr int default_backlog = std::numeric_limits<int>::max();

  /// Listens on a path or, after a NUL, an abstract name. Nothing is unlinked, before or after: a
  /// file that is there, be it a stale socket, is address_in_use.
  static Result<BasicUnixListener> bind(std::string_view path, Caller caller = Caller::here());
  static Result<BasicUnixListener> bind_addr(const UnixAddr& where, Caller caller = Caller::here());

  /// Adopts a listening socket that does not block.
  static Result<BasicUnixListener> from_native(Handle socket, Caller caller = Caller::here());
  /// Gives the socket up, still listening and non-blocking.
  Result<Handle> into_native() && { return std::move(io_).release(); }

  /// The next connection, and its address, most often unnamed. Any number of tasks may wait; each
  /// is woken, and one of them gets it.
  AcceptOp<Stream> accept() const noexcept { return AcceptOp<Stream>(io_); }
  /// One attempt if a connection may be there; would-block otherwise.
  Result<typename AcceptOp<Stream>::Accepted> try_accept(Caller caller = Caller::here()) const {
    return AcceptOp<Stream>::try_accept(io_, caller);
  }
  /// Waits for a connection. May be spurious: follow with try_accept(), in a loop.
  ReadyOp readable() const noexcept { return {io_.readiness(), Interest::readable}; }

  Result<UnixAddr> local_addr() const { return detail::local_addr<UnixAddr>(native()); }
  /// The pending error of the socket, once; none when there is none. SO_ERROR
  std::optional<Error> take_error() noexcept { return detail::take_error(native()); }

  /// Borrowed: neither to be closed nor to be made blocking.
  Native native() const noexcept { return io_.native(); }
  std::string to_string() const;

 private:
  explicit BasicUnixListener(Registration io) noexcept : io_(std::move(io)) {}

  Registration io_;
};

using UnixListener = BasicUnixListener<UnixStream>;
using UnixSeqpacketListener = BasicUnixListener<UnixSeqpacket>;

extern template class BasicUnixListener<UnixStream>;
extern template class BasicUnixListener<UnixSeqpacket>;

}  // namespace fid
