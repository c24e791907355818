// SPDX-License-Identifier: MIT
#pragma once

#include <fid/net/stream_socket.hpp>
#include <fid/net/vsock_addr.hpp>
#include <fid/task/task.hpp>

#include <string>
#include <utility>

namespace fid {

/// A connection between a virtual machine and its host, or within one machine.  vsock(7)
///
/// Reading, writing, waiting, addresses: see StreamSocket.
/// End of stream: shutdown() sends it and may be repeated; on a connection that is gone it
/// succeeds, since there is nobody to tell.
class VsockStream final : public StreamSocket<VsockStream, VsockAddr> {
 public:
  static constexpr os::SocketType type = os::SocketType::stream;
  /// Some hypervisors' drivers give one packet a read, with more queued behind it.
  static constexpr Registration::Kind kind = Registration::Kind::pieces;

  /// Fails with connection_reset if nobody listens there, no_such_device if there is no way to that
  /// machine, timed_out after two seconds without an answer, invalid_argument for any_cid and
  /// any_port, address_family_not_supported where the system has no such sockets.
  /// Cancellation: abandons the attempt.
  static Task<VsockStream> connect(const VsockAddr& to, Caller caller = Caller::here());

  /// Adopts a connected socket that does not block.
  static Result<VsockStream> from_native(Handle socket, Caller caller = Caller::here());

  std::string to_string() const;

  Result<void> attempt_shutdown() noexcept;

 private:
  explicit VsockStream(Registration io) noexcept : StreamSocket(std::move(io)) {}
};

}  // namespace fid
