// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace load {

using Clock = std::chrono::steady_clock;

inline double seconds_between(Clock::time_point from, Clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

}  // namespace load
