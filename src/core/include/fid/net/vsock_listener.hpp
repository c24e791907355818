// SPDX-License-Identifier: MIT
#pragma once

#include <fid/net/listener_socket.hpp>
#include <fid/net/vsock_stream.hpp>

#include <string>
#include <utility>

namespace fid {

/// A socket that accepts connections from virtual machines or their host.  vsock(7)
///
/// Accepting, waiting, its address: see ListenerSocket.
class VsockListener final : public ListenerSocket<VsockListener, VsockStream> {
 public:
  /// How many connections may wait to be accepted.
  static constexpr int default_backlog = 1024;

  /// Listens for the machine `where` names, or for any_cid; any_port takes a free one, see
  /// local_addr(). Fails with address_in_use, permission_denied for ports below 1024,
  /// address_not_available if `where` is another machine or there is no loopback.
  static Result<VsockListener> bind(const VsockAddr& where, Caller caller = Caller::here());

  std::string to_string() const;

 private:
  friend class ListenerSocket<VsockListener, VsockStream>;
  explicit VsockListener(Registration io) noexcept : ListenerSocket(std::move(io)) {}
};

}  // namespace fid
