// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/clock.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// How the values of options are written, besides the quantities of units.hpp, and printed.
namespace fid::endpoint {

/// A whole number in base 10, negative ones with a `-`.
std::optional<std::int64_t> parse_integer(std::string_view text);

/// File permissions in octal: `660`, `0660`, `0o660`; at most 7777. chmod(1)
std::optional<unsigned> parse_mode(std::string_view text);

/// `yes no on off true false 1 0`, in any case.
std::optional<bool> parse_switch(std::string_view text);

/// A short text that is read back as the same number: `64KiB`, `65k`, `65537`.
std::string format_size(std::uint64_t bytes);
/// `250ms`, `5s`, `90s`, `2m`, `1h`.
std::string format_duration(Duration duration);
/// `0660`
std::string format_mode(unsigned mode);

/// ASCII only, whatever the locale: words of an address mean the same everywhere.
std::string to_lower(std::string_view text);

}  // namespace fid::endpoint
