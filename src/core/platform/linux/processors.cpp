// SPDX-License-Identifier: MIT
#include <fid/base/os_processors.hpp>

#include <sched.h>

#include <algorithm>
#include <array>

namespace fid::os {

std::size_t usable_processors() noexcept {
  // Of the size that kernels are built for at most: with less than its own one would refuse.
  std::array<cpu_set_t, 64> sets{};
  if (::sched_getaffinity(0, sizeof sets, sets.data()) != 0) return 1;
  int count = 0;
  for (const cpu_set_t& set : sets) count += CPU_COUNT(&set);
  return static_cast<std::size_t>(std::max(count, 1));
}

}  // namespace fid::os
