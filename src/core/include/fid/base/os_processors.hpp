// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace fid::os {

/// How many processors this process may run on, as taskset(1) or a container's cpuset leaves it; 1
/// if that cannot be told. Shares of time that it is held to do not count.  sched_getaffinity(2)
std::size_t usable_processors() noexcept;

}  // namespace fid::os
