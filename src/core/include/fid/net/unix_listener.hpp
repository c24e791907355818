// SPDX-License-Identifier: MIT
#pragma once

#include <fid/net/listener_socket.hpp>
#include <fid/net/unix_seqpacket.hpp>
#include <fid/net/unix_stream.hpp>

#include <limits>
#include <string>
#include <string_view>
#include <utility>

namespace fid {

/// A Unix socket that accepts connections: UnixListener, or UnixSeqpacketListener.  unix(7)
///
/// Accepting, waiting, its address: see ListenerSocket. A client's address is most often unnamed.
/// Closing it leaves the socket's file, and resets the clients that wait.
template <class Stream>
class BasicUnixListener final : public ListenerSocket<BasicUnixListener<Stream>, Stream> {
 public:
  /// As many connections may wait to be accepted as the system allows.
  static constexpr int default_backlog = std::numeric_limits<int>::max();

  /// Listens on a path or, after a NUL, an abstract name. Nothing is unlinked, before or after: a
  /// file that is there, be it a stale socket, is address_in_use.
  static Result<BasicUnixListener> bind(std::string_view path, Caller caller = Caller::here());
  static Result<BasicUnixListener> bind_addr(const UnixAddr& where, Caller caller = Caller::here());

  std::string to_string() const;

 private:
  friend class ListenerSocket<BasicUnixListener, Stream>;
  explicit BasicUnixListener(Registration io) noexcept
      : ListenerSocket<BasicUnixListener, Stream>(std::move(io)) {}
};

/// Of streams, and of messages.
using UnixListener = BasicUnixListener<UnixStream>;
using UnixSeqpacketListener = BasicUnixListener<UnixSeqpacket>;

extern template class BasicUnixListener<UnixStream>;
extern template class BasicUnixListener<UnixSeqpacket>;

}  // namespace fid
