// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/address.hpp"
#include "endpoint/syntax_error.hpp"

namespace fid::endpoint {

/// Where an address is written, and so what a plain scheme is to do there.
enum class Place {
  anywhere,  ///< not known: `explain`
  listens,   ///< the first of `relay`, `listen`
  connects,  ///< the second of `relay`, `connect`
  joins,     ///< either of `bridge`: plain connects, -listen listens
};

/// Gives `address` the role it has in `place`, and checks what depends on the role: that the kind
/// can do it, that there is a host to connect to, that its options have an effect.
Parsed<Address> placed(Address address, Place place);

}  // namespace fid::endpoint
