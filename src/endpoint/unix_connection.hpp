// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/endpoint.hpp"
#include "endpoint/unix_path.hpp"

#include <fid/base/os.hpp>
#include <fid/net/unix_addr.hpp>

#include <optional>
#include <string_view>

/// Unix sockets that are connected: streams, and records in order.  unix(7)
namespace fid::endpoint {

/// Connects a socket with the address's options to `to`.
///
/// While the listener's queue is full the system refuses at once, with nothing to wait for: then it
/// is tried again, a little later each time, until the address's connect-timeout has passed.
Task<ConnectionPtr> connect_unix(const Address& address, UnixAddr to, os::SocketType type,
                                 bool names);

/// What the URL of a listener says, and what goes when it does.
struct UnixListening {
  std::string_view scheme;
  OwnedPath file = {};
  std::optional<unsigned> mode = std::nullopt;
};

/// The connections that a listening socket takes, each with who made it.
Result<ListenerPtr> unix_listener(Handle listening, os::SocketType type, UnixListening as);

}  // namespace fid::endpoint
