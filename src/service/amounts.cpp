// SPDX-License-Identifier: MIT
#include "service/amounts.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace fid::service {

std::string size_text(double bytes) {
  constexpr std::array units{"B", "KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  for (; bytes >= 1024 && unit + 1 < units.size(); ++unit) bytes /= 1024;
  return unit == 0 ? fmt::format("{:.0f} B", bytes) : fmt::format("{:.1f} {}", bytes, units[unit]);
}

std::string count_text(std::uint64_t count) {
  std::string text = std::to_string(count);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, " ");
  return text;
}

std::string time_text(std::chrono::nanoseconds time) {
  struct Unit {
    double nanoseconds;
    std::string_view name;
  };
  constexpr std::array units{Unit{1, "ns"}, Unit{1e3, "us"}, Unit{1e6, "ms"}, Unit{1e9, "s"}};
  const auto nanoseconds = static_cast<double>(time.count());
  std::size_t unit = 0;
  // What would be rounded to a thousand is one of the next.
  while (unit + 1 < units.size() && nanoseconds / units[unit].nanoseconds >= 999.5) ++unit;
  const double value = nanoseconds / units[unit].nanoseconds;
  const int decimals = unit == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return fmt::format("{:.{}f} {}", value, decimals, units[unit].name);
}

}  // namespace fid::service
