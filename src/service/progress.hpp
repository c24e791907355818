// SPDX-License-Identifier: MIT
#pragma once

#include "service/live_relays.hpp"

#include <fid/base/clock.hpp>
#include <fid/task/task.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace fid::service {

/// What a progress line tells.
struct ProgressState {
  std::uint64_t bytes = 0;  ///< both ways
  Duration elapsed{};
  double rate = 0;                     ///< bytes a second, of late
  std::optional<std::uint64_t> total;  ///< if it is known
};

/// `12.4 MiB  3.1 MiB/s  0:04  41%`
std::string progress_line(const ProgressState& state);

/// Draws a line again and again over itself, until cancelled; then leaves it complete.
///
/// `draw` gets the text as a terminal takes it; `total` is what will pass, if that is known.
Task<void> show_progress(const LiveRelays& live, std::optional<std::uint64_t> total,
                         std::function<void(std::string_view)> draw);

}  // namespace fid::service
