// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace fid {

/// The clock of every timer: never set back, not running while the machine sleeps.
/// clock_gettime(2), CLOCK_MONOTONIC
using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;
using Duration = Clock::duration;

}  // namespace fid
