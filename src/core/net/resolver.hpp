// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/result.hpp>
#include <fid/net/socket_addr.hpp>

#include <string>
#include <vector>

namespace fid::platform {

/// Asks the system for the addresses of a TCP service; blocks for as long as that takes.
/// getaddrinfo(3)
///
/// In the system's order of preference. Fails with codes of resolver_category(), or with errno's.
Result<std::vector<SocketAddr>> resolve(const std::string& host, const std::string& service);

}  // namespace fid::platform
