// SPDX-License-Identifier: MIT
#include "micro/allocations_per_iteration.hpp"

#include <fid/reactor/runtime.hpp>
#include <fid/task/task.hpp>

#include <benchmark/benchmark.h>

namespace fid {
namespace {

Task<int> one() {
  co_return 1;
}

/// Making a task, which does not run.
void task_made(benchmark::State& state) {
  const AllocationsPerIteration counted(state);
  for (auto _ : state) {
    Task<int> task = one();
    benchmark::DoNotOptimize(task);
  }
}
BENCHMARK(task_made);

/// Making a task and awaiting it, which ends at once.
void task_awaited(benchmark::State& state) {
  const auto result = run([&state]() -> Task<int> {
    int sum = 0;
    const AllocationsPerIteration counted(state);
    for (auto _ : state) sum += co_await one();
    co_return sum;
  });
  benchmark::DoNotOptimize(result);
}
BENCHMARK(task_awaited);

/// Giving way and being resumed in the next turn of the loop, with its system call.
void give_way(benchmark::State& state) {
  const auto result = run([&state]() -> Task<void> {
    const AllocationsPerIteration counted(state);
    for (auto _ : state) co_await yield_now();
  });
  benchmark::DoNotOptimize(result);
}
BENCHMARK(give_way);

}  // namespace
}  // namespace fid
