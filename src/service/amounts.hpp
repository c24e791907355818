// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

/// Amounts as people read them.
namespace fid::service {

/// `812 B`, `3.1 MiB`
std::string size_text(double bytes);

/// `412 345`
std::string count_text(std::uint64_t count);

/// Three digits that count, and the unit: `850 ns`, `21.4 us`, `3.40 ms`, `12.0 s`.
std::string time_text(std::chrono::nanoseconds time);

}  // namespace fid::service
