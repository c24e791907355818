// SPDX-License-Identifier: MIT
#include "endpoint/units.hpp"

#include <array>
#include <cctype>
#include <limits>
#include <span>

namespace fid::endpoint {
namespace {

/// What one of a unit is worth, in nanoseconds or bytes.
struct Unit {
  std::string_view name;
  std::uint64_t worth;
};

constexpr std::array<Unit, 5> durations{{{"", 1'000'000'000},
                                         {"ms", 1'000'000},
                                         {"s", 1'000'000'000},
                                         {"m", 60'000'000'000},
                                         {"h", 3'600'000'000'000}}};

constexpr std::array<Unit, 7> sizes{{{"", 1},
                                     {"k", 1'000},
                                     {"m", 1'000'000},
                                     {"g", 1'000'000'000},
                                     {"kib", 1ULL << 10},
                                     {"mib", 1ULL << 20},
                                     {"gib", 1ULL << 30}}};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool same_word(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

/// `12.5unit` in the smallest unit, without going through floating point: 0.1s is exact.
std::optional<std::uint64_t> parse_scaled(std::string_view text, std::span<const Unit> units) {
  constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
  constexpr std::uint64_t finest = 1'000'000'000;
  std::size_t at = 0;

  std::uint64_t whole = 0;
  for (; at < text.size() && is_digit(text[at]); ++at) {
    if (whole > most / 10 - 1) return std::nullopt;
    whole = whole * 10 + static_cast<std::uint64_t>(text[at] - '0');
  }
  if (at == 0) return std::nullopt;

  std::uint64_t parts = 0;  // in billionths
  if (at < text.size() && text[at] == '.') {
    const std::size_t first = ++at;
    for (std::uint64_t place = finest / 10; at < text.size() && is_digit(text[at]); ++at) {
      parts += static_cast<std::uint64_t>(text[at] - '0') * place;
      place /= 10;
    }
    if (at == first) return std::nullopt;
  }

  for (const Unit& unit : units) {
    if (!same_word(unit.name, text.substr(at))) continue;
    if (whole > most / unit.worth) return std::nullopt;
    // Split so that the product stays below 2^64 for the largest unit.
    const std::uint64_t part = unit.worth / finest * parts + unit.worth % finest * parts / finest;
    if (part > most - whole * unit.worth) return std::nullopt;
    return whole * unit.worth + part;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  const auto nanoseconds = parse_scaled(text, durations);
  if (!nanoseconds) return std::nullopt;
  return std::chrono::nanoseconds(*nanoseconds);
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  return parse_scaled(text, sizes);
}

}  // namespace fid::endpoint
