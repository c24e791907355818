// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/endpoint.hpp"

#include <fid/net/tcp_listener.hpp>
#include <fid/net/tcp_stream.hpp>

#include <string_view>

namespace fid::endpoint {

/// A TCP stream with the names of its ends.
Connection tcp_connection(TcpStream stream);

/// Its accepted streams as connections; its URL as `SCHEME://ADDRESS:PORT`.
Result<ListenerPtr> tcp_listener(TcpListener listener, std::string_view scheme);

}  // namespace fid::endpoint
