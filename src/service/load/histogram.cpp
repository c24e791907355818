// SPDX-License-Identifier: MIT
#include "service/load/histogram.hpp"

#include "service/load/arithmetic.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace fid::service::load {
namespace {

constexpr unsigned bits = 7;
constexpr std::uint64_t bins_per_power = std::uint64_t{1} << bits;
constexpr std::size_t powers = 64 - bits;

// Values below 2 * bins_per_power have a bin each; above, `shift` low bits are dropped.
std::size_t bin_of(std::uint64_t value) {
  const auto width = static_cast<unsigned>(std::bit_width(value));
  const unsigned shift = width > bits + 1 ? width - (bits + 1) : 0;
  return static_cast<std::size_t>(shift * bins_per_power + (value >> shift));
}

std::uint64_t last_value_of(std::size_t bin) {
  if (bin < 2 * bins_per_power) return bin;
  const std::size_t shift = bin / bins_per_power - 1;
  const std::uint64_t top = bin - shift * bins_per_power;
  return ((top + 1) << shift) - 1;
}

}  // namespace

Histogram::Histogram() : bins_(static_cast<std::size_t>((powers + 1) * bins_per_power)) {}

void Histogram::record(std::chrono::nanoseconds value) noexcept {
  const std::int64_t nanoseconds = std::max<std::int64_t>(value.count(), 0);
  ++bins_[bin_of(static_cast<std::uint64_t>(nanoseconds))];
  ++count_;
  min_ = count_ == 1 ? nanoseconds : std::min(min_, nanoseconds);
  max_ = std::max(max_, nanoseconds);
  // Welford's way: the squares of large values would leave no digits for their differences.
  const double distance = static_cast<double>(nanoseconds) - mean_;
  mean_ += distance / static_cast<double>(count_);
  squares_ += distance * (static_cast<double>(nanoseconds) - mean_);
}

std::chrono::nanoseconds Histogram::mean() const noexcept {
  return std::chrono::nanoseconds(rounded(mean_));
}

std::chrono::nanoseconds Histogram::deviation() const noexcept {
  if (count_ == 0) return std::chrono::nanoseconds(0);
  return std::chrono::nanoseconds(rounded(std::sqrt(squares_ / static_cast<double>(count_))));
}

std::chrono::nanoseconds Histogram::quantile(double share) const noexcept {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t bin = 0; bin < bins_.size() && seen < count_; ++bin) {
    seen += bins_[bin];
    if (bins_[bin] != 0 && seen >= wanted) {
      return std::min(std::chrono::nanoseconds(last_value_of(bin)), max());
    }
  }
  return max();
}

std::vector<Histogram::Step> Histogram::steps() const {
  std::vector<Step> found;
  std::uint64_t seen = 0;
  for (std::size_t bin = 0; bin < bins_.size() && seen < count_; ++bin) {
    if (bins_[bin] == 0) continue;
    seen += bins_[bin];
    found.push_back({seen, std::min(std::chrono::nanoseconds(last_value_of(bin)), max())});
  }
  return found;
}

}  // namespace fid::service::load
