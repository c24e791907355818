// SPDX-License-Identifier: MIT
#pragma once

#include "service/load/histogram.hpp"
#include "service/load/settings.hpp"

#include <cstdint>
#include <string>

namespace fid::service::load {

/// What a load came to, in the time that was measured.
struct Outcome {
  Settings settings;
  std::string target;
  std::string far;  ///< of a relay: where it connects; empty if none was measured
  double seconds = 0;
  std::uint64_t operations = 0;  ///< round trips or conversations; none in bulk
  std::uint64_t bytes = 0;       ///< delivered; of round trips, those of the echoes
  std::uint64_t failures = 0;    ///< conversations that failed
  /// At a rate: what was due and had no answer when the time was up. Its latency is recorded as it
  /// was by then, so that the figures are too good rather than without it.
  std::uint64_t unanswered = 0;
  double cpu_seconds = 0;  ///< of this process: of both ends, if it was both
  Histogram latency;       ///< of operations
};

/// How far it has come.
struct Progress {
  bool warming_up = true;
  std::uint64_t operations = 0;
  std::uint64_t bytes = 0;
  Duration elapsed{};
  Duration expected{};
};

}  // namespace fid::service::load
