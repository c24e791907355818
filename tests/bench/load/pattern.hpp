// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

/// The content of every stream: bytes that follow from a seed and their offset, so that the
/// receiver can tell a lost, doubled or moved piece without being sent anything else.
namespace load {

constexpr std::size_t longest_pattern = 256 * 1024;

/// What stands at `offset` of the stream `seed`; at most longest_pattern bytes. It repeats after a
/// prime number of bytes, so that no piece as large as a power of two fits elsewhere.
std::span<const char> pattern(std::uint64_t seed, std::uint64_t offset, std::size_t size);

bool matches_pattern(std::uint64_t seed, std::uint64_t offset, std::span<const char> data);

}  // namespace load
