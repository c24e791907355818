// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/endpoint.hpp"
#include "endpoint/unix_path.hpp"

#include <string_view>

/// Unix sockets that take datagrams.  unix(7), SOCK_DGRAM
namespace fid::endpoint {

/// Messages to and from the peer that `socket` is connected to.
Result<Connection> datagram_connection(BoundPath socket);

/// One connection at a time, from the first message on: messages from everybody, and answers to
/// whoever wrote last. What is sent to a peer without a name fails with
/// destination_address_required.
Result<ListenerPtr> datagram_listener(BoundPath socket, std::string_view scheme,
                                      std::optional<unsigned> mode);

}  // namespace fid::endpoint
