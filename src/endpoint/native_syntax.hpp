// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/address.hpp"
#include "endpoint/placement.hpp"
#include "endpoint/syntax_error.hpp"

#include <string_view>

namespace fid::endpoint {

/// Reads the native and the short spelling of an address: fid-addresses(7).
///
///     scheme://HOST:PORT[?opt=val&opt][,opt=val,opt]     tcp://[::1]:80,nodelay
///     scheme:REST[,opt=val,opt]                          unix:/run/x.sock   exec:'cmd a b'
///     -    3    dir/name                                 stdio, descriptor 3, a file
///
/// `place` settles what a plain scheme does. Words are read in any case. Nothing is opened, looked
/// up or checked against the system.
Parsed<Address> parse_native(std::string_view text, Place place = Place::anywhere);

}  // namespace fid::endpoint
