// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/endpoint.hpp"

#include <fid/net/tcp_stream.hpp>

#include <string_view>

namespace fid::endpoint {

/// A TCP stream, with the names of its ends if they are asked for.
ConnectionPtr tcp_connection(TcpStream stream, bool names);

/// The connections that a listening socket takes; its URL as `SCHEME://ADDRESS:PORT`.
Result<ListenerPtr> tcp_listener(Handle listening, std::string_view scheme);

}  // namespace fid::endpoint
