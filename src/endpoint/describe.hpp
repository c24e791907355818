// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/address.hpp"
#include "endpoint/registry.hpp"

#include <string>
#include <vector>

/// Addresses in words, for people. All of it is read from the tables that the parser uses.
namespace fid::endpoint {

/// How an address was understood: kind, role, parameters, options, and the defaults that hold.
/// Secrets are masked. Lines of at most 88 columns, unless something in the address is longer.
std::vector<std::string> explain(const Address& address);

/// One kind with all its options.
std::vector<std::string> describe_kind(const Kind& kind);

/// All kinds, alike ones together, each with its options; those that every kind has come last.
std::vector<std::string> describe_kinds();

}  // namespace fid::endpoint
