// SPDX-License-Identifier: MIT
#pragma once

#include "service/load/histogram.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace load {

using fid::service::load::Histogram;

/// What a measurement found: one JSON object on one line.
class Report {
 public:
  Report& add(std::string_view name, double value);
  Report& add(std::string_view name, std::uint64_t value);
  Report& add(std::string_view name, std::string_view value);
  /// Its quantiles, in microseconds: p50_us, p99_us, p999_us, max_us.
  Report& add(const Histogram& latency);

  std::string text() const { return '{' + members_ + '}'; }

 private:
  Report& member(std::string_view name, std::string value);

  std::string members_;
};

}  // namespace load
