// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace fid::service::load {

/// Counts of durations, in bins whose width grows with the value: linear within a power of two,
/// 128 bins each, so that a quantile is wrong by less than 1 %, from a nanosecond to centuries.
///
/// Shape: value. Recording is a few additions; no memory is taken after construction. Needs nothing
/// of the library: the load program of tests/bench, which measures it, has this too.
class Histogram {
 public:
  Histogram();

  void record(std::chrono::nanoseconds value) noexcept;

  std::uint64_t count() const noexcept { return count_; }
  /// Of an empty one: 0, as are all the figures.
  std::chrono::nanoseconds min() const noexcept { return std::chrono::nanoseconds(min_); }
  std::chrono::nanoseconds max() const noexcept { return std::chrono::nanoseconds(max_); }
  std::chrono::nanoseconds mean() const noexcept;
  /// The standard deviation.
  std::chrono::nanoseconds deviation() const noexcept;
  /// The least value that `share` (0..1) of the recorded ones do not exceed, rounded up to the end
  /// of its bin.
  std::chrono::nanoseconds quantile(double share) const noexcept;

  /// So many of the recorded values do not exceed this one.
  struct Step {
    std::uint64_t count;
    std::chrono::nanoseconds value;
  };
  /// All that can be told of the distribution: the end of each bin that is not empty, ascending.
  std::vector<Step> steps() const;

 private:
  std::vector<std::uint64_t> bins_;
  std::uint64_t count_ = 0;
  std::int64_t min_ = 0;
  std::int64_t max_ = 0;
  double mean_ = 0;
  double squares_ = 0;  // of the distances from the mean, summed up
};

}  // namespace fid::service::load
