// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/registry.hpp"
#include "endpoint/syntax_error.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace fid::endpoint {

/// `HOST:PORT`, taken apart.
struct HostPort {
  std::string host;  ///< without brackets; empty and `*` are kept for the role to judge
  std::string port;
  std::size_t port_at;  ///< offset in the whole
};

/// Reads whole[from, to) as `HOST:PORT`, `[IPV6]:PORT`, `*:PORT` or `:PORT`. Names are not looked
/// up; literals of the wrong family for `kind` are refused. `word` is the scheme, for messages.
Parsed<HostPort> parse_host_port(std::string_view whole, std::size_t from, std::size_t to,
                                 const Kind& kind, std::string_view word);

}  // namespace fid::endpoint
