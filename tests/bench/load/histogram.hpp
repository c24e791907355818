// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace load {

/// Counts of durations, in bins whose width grows with the value: linear within a power of two,
/// 128 bins each, so that a quantile is wrong by less than 1 %, from a nanosecond to centuries.
///
/// Shape: value. Recording is one addition; no memory is taken after construction.
class Histogram {
 public:
  Histogram();

  void record(std::chrono::nanoseconds value) noexcept;

  std::uint64_t count() const noexcept { return count_; }
  std::chrono::nanoseconds max() const noexcept { return std::chrono::nanoseconds(max_); }
  /// The least value that `share` (0..1) of the recorded ones do not exceed, rounded up to the end
  /// of its bin; 0 when nothing was recorded.
  std::chrono::nanoseconds quantile(double share) const noexcept;

 private:
  std::vector<std::uint64_t> bins_;
  std::uint64_t count_ = 0;
  std::int64_t max_ = 0;
};

}  // namespace load
