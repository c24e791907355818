// SPDX-License-Identifier: MIT
#pragma once

#include <fid/net/address_list.hpp>
#include <fid/task/task.hpp>

#include <vector>

namespace fid {

/// The addresses of a host, in the order the system prefers them, each once.  getaddrinfo(3)
///
/// Literals complete at once; names are looked up on a worker thread, so that the reactor goes on.
/// May give none. Fails with invalid_argument for what is no host and port, and with the
/// resolver's own codes, resolver_category(), for a name that cannot be looked up.
/// Cancellation: abandons the answer; the worker still waits for it.
Task<std::vector<SocketAddr>> lookup_host(AddressList host);

}  // namespace fid
