// SPDX-License-Identifier: MIT
#include "load/pattern.hpp"

#include <algorithm>
#include <cstring>
#include <random>
#include <vector>

namespace load {
namespace {

constexpr std::size_t period = 65521;

std::vector<char> make_table() {
  std::vector<char> table(period + longest_pattern);
  std::mt19937 random(1);  // always the same: both ends make their own
  std::generate_n(table.begin(), period, [&] { return static_cast<char>(random()); });
  for (std::size_t i = period; i < table.size(); ++i) table[i] = table[i - period];
  return table;
}

}  // namespace

std::span<const char> pattern(std::uint64_t seed, std::uint64_t offset, std::size_t size) {
  static const std::vector<char> table = make_table();
  return {table.data() + (seed % period + offset % period) % period,
          std::min(size, longest_pattern)};
}

bool matches_pattern(std::uint64_t seed, std::uint64_t offset, std::span<const char> data) {
  while (!data.empty()) {
    const std::span<const char> expected = pattern(seed, offset, data.size());
    if (std::memcmp(data.data(), expected.data(), expected.size()) != 0) return false;
    offset += expected.size();
    data = data.subspan(expected.size());
  }
  return true;
}

}  // namespace load
