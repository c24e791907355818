// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/address.hpp"

#include <fid/base/handle.hpp>
#include <fid/base/result.hpp>

namespace fid::endpoint {

/// Sets what the options of an address ask of its socket, before that is bound, connects or
/// listens; those the address does not have are left alone. What a listener takes inherits them.
///
/// Keepalive notices within about two minutes that the peer is gone, silent or not acknowledging.
Result<void> set_up_socket(Native socket, const Address& address) noexcept;

}  // namespace fid::endpoint
