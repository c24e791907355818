// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/clock.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

/// How durations and sizes are written, in addresses and on the command line alike.
namespace fid::endpoint {

/// `500ms`, `1.5s`, `2m`, `1h`; a bare number is seconds, 0 is "at once". Empty if `text` is none
/// of these, negative, or longer than a Duration can be.
std::optional<Duration> parse_duration(std::string_view text);

/// Bytes: `100`, `4k`, `1.5M`, `2G` (powers of 1000), `64KiB`, `1MiB`, `2GiB` (of 1024), in upper
/// or lower case. Empty if `text` is none of these, negative, or does not fit.
std::optional<std::uint64_t> parse_size(std::string_view text);

/// What to tell someone who wrote it otherwise.
inline constexpr std::string_view duration_units = "a number with ms, s, m or h, as in 500ms";
inline constexpr std::string_view size_units =
    "a number with k, M, G, KiB, MiB or GiB, as in 64KiB";

}  // namespace fid::endpoint
