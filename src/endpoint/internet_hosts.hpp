// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/address.hpp"

#include <fid/base/handle.hpp>
#include <fid/net/socket_addr.hpp>
#include <fid/task/task.hpp>

#include <string>
#include <vector>

/// From the HOST:PORT of an address to what a socket can be bound or connected to.  ip(7), ipv6(7)
namespace fid::endpoint {

/// The addresses of `host` that are of the family. Never none: fails with no_address.
Task<std::vector<SocketAddr>> addresses_of(std::string host, std::string port, Family family);

/// What `bind=HOST[:PORT]` names; none if it was not written.
Task<std::vector<SocketAddr>> sources(const Address& address);

/// The first of `from` to reach `to` from; null if there is none.
const SocketAddr* of_same_family(const std::vector<SocketAddr>& from, const SocketAddr& to);

/// Makes one socket of those that a host could have.
using BindSocket = Result<Handle> (*)(const Address& address, const SocketAddr& where,
                                      bool ipv6_only);

/// What `bind` makes for the first of the host's addresses where it can: loopback if the address
/// has none, everything for `*`. Fails as it did for the last. The address outlives the task.
Task<Handle> bind_where_it_can_be(const Address& address, BindSocket bind);

/// An IPv4 peer of a socket of both families is known by its IPv4 address.
SocketAddr canonical(const SocketAddr& address);

}  // namespace fid::endpoint
