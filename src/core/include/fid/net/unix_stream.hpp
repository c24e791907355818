// SPDX-License-Identifier: MIT
#pragma once

#include <fid/net/passing.hpp>
#include <fid/net/peer_cred.hpp>
#include <fid/net/stream_socket.hpp>
#include <fid/net/unix_addr.hpp>
#include <fid/task/task.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace fid {

/// A connection between two processes of one machine.  unix(7)
///
/// Reading, writing, waiting, addresses: see StreamSocket. Handles and credentials: see
/// PassesHandles; plain reading drops those that come along.
class UnixStream final : public StreamSocket<UnixStream, UnixAddr>,
                         public PassesHandles<UnixStream> {
 public:
  static constexpr os::SocketType type = os::SocketType::stream;
  /// A read stops where handles were passed, with more queued behind it.
  static constexpr Registration::Kind kind = Registration::Kind::pieces;

  /// Connects to a path or, after a NUL, an abstract name. Fails with not_found,
  /// connection_refused, invalid_argument for what is no path; with would-block, which is final
  /// and names no readiness to wait for, if the listener's queue is full.
  /// Cancellation: abandons the attempt.
  static Task<UnixStream> connect(std::string_view path, Caller caller = Caller::here());
  static Task<UnixStream> connect_addr(const UnixAddr& to, Caller caller = Caller::here());

  /// Two unnamed ends of one connection.  socketpair(2)
  static Result<std::pair<UnixStream, UnixStream>> pair(Caller caller = Caller::here());

  /// Adopts a connected socket that does not block.
  static Result<UnixStream> from_native(Handle socket, Caller caller = Caller::here());

  /// Who was there when the connection, or the pair, was made.
  Result<UCred> peer_cred() const noexcept { return fid::peer_cred(native()); }

  std::string to_string() const;

  /// Fails with not_connected if there is no connection.
  Result<void> attempt_shutdown() noexcept { return os::shutdown(native(), os::Shutdown::write); }

 private:
  friend class UnixSocket;
  explicit UnixStream(Registration io) noexcept : StreamSocket(std::move(io)) {}
};

}  // namespace fid
