// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace fid {

/// A view of bytes in memory, which somebody else owns and which outlives it.
using Bytes = std::span<const std::byte>;
/// The same of bytes that may be written to: a buffer to read into.
using MutableBytes = std::span<std::byte>;

/// A growable array of bytes.
using Buffer = std::vector<std::byte>;

/// A view of a text's bytes.
inline Bytes as_bytes(std::string_view text) noexcept {
  return std::as_bytes(std::span(text.data(), text.size()));
}

/// A view of the same memory, to compare or print.
inline std::string_view as_text(Bytes bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace fid
