// SPDX-License-Identifier: MIT
#pragma once

#include <fid/io/raw_io.hpp>
#include <fid/net/messages.hpp>
#include <fid/net/passing.hpp>
#include <fid/net/peer_cred.hpp>
#include <fid/net/socket_names.hpp>
#include <fid/net/unix_addr.hpp>
#include <fid/reactor/registration.hpp>
#include <fid/task/task.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace fid {

/// A connection of messages between two processes of one machine.  unix(7), SOCK_SEQPACKET
///
/// Shape: movable, sole owner of its socket; lives on the reactor of the thread that made it.
/// End: recv() gives 0, as for an empty message; only read_closed among the states of ready() tells
/// that nothing will follow once the queue is empty.
class UnixSeqpacket final : public Messages<UnixSeqpacket>,
                            public PassesHandles<UnixSeqpacket>,
                            public RawIo<UnixSeqpacket> {
 public:
  using Address = UnixAddr;
  static constexpr os::SocketType type = os::SocketType::seqpacket;
  static constexpr Registration::Kind kind = Registration::Kind::stream;

  /// As UnixStream::connect() and connect_addr().
  static Task<UnixSeqpacket> connect(std::string_view path, Caller caller = Caller::here());
  static Task<UnixSeqpacket> connect_addr(const UnixAddr& to, Caller caller = Caller::here());

  /// Two unnamed ends of one connection.  socketpair(2)
  static Result<std::pair<UnixSeqpacket, UnixSeqpacket>> pair(Caller caller = Caller::here());

  /// Adopts a connected socket that does not block.
  static Result<UnixSeqpacket> from_native(Handle socket, Caller caller = Caller::here());
  /// Gives the socket up, still non-blocking.
  Result<Handle> into_native() && { return std::move(io_).release(); }

  /// The peer receives what was sent, then the end. Fails with not_connected.
  Result<void> shutdown(os::Shutdown how) noexcept { return os::shutdown(native(), how); }

  /// Unnamed, most often.
  Result<UnixAddr> local_addr() const { return detail::local_addr<UnixAddr>(native()); }
  Result<UnixAddr> peer_addr() const { return detail::peer_addr<UnixAddr>(native()); }
  /// Who was there when the connection, or the pair, was made.
  Result<UCred> peer_cred() const noexcept { return fid::peer_cred(native()); }
  /// The pending error of the socket, once; none when there is none. SO_ERROR
  std::optional<Error> take_error() noexcept { return detail::take_error(native()); }

  /// Borrowed: neither to be closed nor to be made blocking.
  Native native() const noexcept { return io_.native(); }

  std::string to_string() const;

  Readiness& read_readiness() const noexcept { return io_.readiness(); }
  Readiness& write_readiness() const noexcept { return io_.readiness(); }

 private:
  friend class UnixSocket;
  explicit UnixSeqpacket(Registration io) noexcept : io_(std::move(io)) {}

  Registration io_;
};

}  // namespace fid
