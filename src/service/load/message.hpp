// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/bytes.hpp>

#include <cstddef>
#include <cstdint>

namespace fid::service::load {

/// Content that differs from connection to connection and does not repeat soon, so that an echo
/// that went astray is not taken for another.
Buffer make_message(std::size_t size, std::uint64_t seed);

/// Marks a message with its number, as far as there is room.
void stamp(MutableBytes message, std::uint64_t number);

}  // namespace fid::service::load
