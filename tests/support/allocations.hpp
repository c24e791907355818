// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace fid::test {

/// How often this thread has asked for memory so far, by new. Programs that link allocations.cpp
/// have an operator new that counts.
std::uint64_t allocations() noexcept;
/// How often it has given some back, by delete.
std::uint64_t deallocations() noexcept;

}  // namespace fid::test
