// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/endpoint.hpp"
#include "endpoint/unix_path.hpp"

#include <string_view>

/// Sockets that take datagrams: Unix ones and UDP.  unix(7), udp(7)
namespace fid::endpoint {

/// Messages to and from the peer that `socket` is connected to.
Result<ConnectionPtr> datagram_connection(BoundPath socket);

/// One connection at a time, from the first message on: messages from everybody, and answers to
/// whoever wrote last. What is sent to a peer without a name fails with
/// destination_address_required.
Result<ListenerPtr> datagram_listener(BoundPath socket, std::string_view scheme,
                                      std::optional<unsigned> mode);

}  // namespace fid::endpoint
