// SPDX-License-Identifier: MIT
#include "endpoint/value_text.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <system_error>

namespace fid::endpoint {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t worth;
};

// Largest first, so that the first that divides evenly gives the shortest text.
constexpr std::array sizes = {Unit{"GiB", 1LL << 30}, Unit{"G", 1'000'000'000},
                              Unit{"MiB", 1LL << 20}, Unit{"M", 1'000'000},
                              Unit{"KiB", 1LL << 10}, Unit{"k", 1'000}};
constexpr std::array durations = {Unit{"h", 3'600'000'000'000}, Unit{"m", 60'000'000'000},
                                  Unit{"s", 1'000'000'000}, Unit{"ms", 1'000'000}};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::optional<std::int64_t> whole(std::string_view digits, int base) {
  std::int64_t number = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, number, base);
  if (digits.empty() || error != std::errc{} || stop != end) return {};
  return number;
}

}  // namespace

std::optional<std::int64_t> parse_integer(std::string_view text) {
  return whole(text, 10);
}

std::optional<unsigned> parse_mode(std::string_view text) {
  if (text.substr(0, 2) == "0o" || text.substr(0, 2) == "0O") text.remove_prefix(2);
  if (text.empty() || !is_digit(text.front())) return {};
  const auto mode = whole(text, 8);
  if (!mode || *mode > 07777) return {};
  return static_cast<unsigned>(*mode);
}

std::optional<bool> parse_switch(std::string_view text) {
  const std::string word = to_lower(text);
  for (const std::string_view yes : {"yes", "on", "true", "1"}) {
    if (word == yes) return true;
  }
  for (const std::string_view no : {"no", "off", "false", "0"}) {
    if (word == no) return false;
  }
  return {};
}

std::string format_size(std::uint64_t bytes) {
  std::string shortest = std::to_string(bytes);
  for (const Unit& unit : sizes) {
    const auto worth = static_cast<std::uint64_t>(unit.worth);
    if (bytes == 0 || bytes % worth != 0) continue;
    const std::string text = std::to_string(bytes / worth).append(unit.name);
    if (text.size() <= shortest.size()) shortest = text;
  }
  return shortest;
}

std::string format_duration(Duration duration) {
  const std::int64_t count = std::chrono::nanoseconds(duration).count();
  if (count == 0) return "0s";
  for (const Unit& unit : durations) {
    if (count % unit.worth == 0) return std::to_string(count / unit.worth).append(unit.name);
  }
  const std::int64_t worth = durations.back().worth;
  std::string decimals = std::to_string(worth + count % worth).substr(1);
  decimals.erase(decimals.find_last_not_of('0') + 1);
  return std::to_string(count / worth).append(".").append(decimals).append("ms");
}

std::string format_mode(unsigned mode) {
  std::string digits;
  for (; mode != 0 || digits.size() < 3; mode >>= 3) {
    digits.insert(digits.begin(), static_cast<char>('0' + (mode & 7)));
  }
  return digits.insert(0, "0");
}

std::string to_lower(std::string_view text) {
  std::string word(text);
  for (char& c : word) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return word;
}

}  // namespace fid::endpoint
