// SPDX-License-Identifier: MIT
#pragma once

#include "support/allocations.hpp"

#include <benchmark/benchmark.h>

#include <cstdint>

namespace fid {

/// A column of the report: how often an iteration asks for memory. Made right before the loop.
class AllocationsPerIteration {
 public:
  explicit AllocationsPerIteration(benchmark::State& state) noexcept : state_(&state) {}
  AllocationsPerIteration(const AllocationsPerIteration&) = delete;
  AllocationsPerIteration& operator=(const AllocationsPerIteration&) = delete;
  ~AllocationsPerIteration() {
    state_->counters["allocations"] = benchmark::Counter(
        static_cast<double>(test::allocations() - before_), benchmark::Counter::kAvgIterations);
  }

 private:
  benchmark::State* state_;
  std::uint64_t before_ = test::allocations();
};

}  // namespace fid
