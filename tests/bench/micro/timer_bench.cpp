// SPDX-License-Identifier: MIT
#include "micro/allocations_per_iteration.hpp"

#include <fid/reactor/timer_queue.hpp>

#include <benchmark/benchmark.h>

#include <deque>
#include <random>

namespace fid {
namespace {

struct NoTimer final : Timer {
  void run() override {}
};

/// Arming and cancelling a timer among so many others.
void timer_added_and_removed(benchmark::State& state) {
  std::minstd_rand random;
  TimerQueue queue;
  std::deque<NoTimer> others(static_cast<std::size_t>(state.range(0)));
  for (NoTimer& timer : others) queue.add(timer, TimePoint(Duration(random())));
  NoTimer timer;
  const AllocationsPerIteration counted(state);
  for (auto _ : state) {
    queue.add(timer, TimePoint(Duration(random())));
    queue.remove(timer);
  }
}
BENCHMARK(timer_added_and_removed)->Arg(0)->Arg(100'000);

/// Putting off one of so many deadlines: an idle limit, with every byte that moves.
void timer_put_off(benchmark::State& state) {
  std::minstd_rand random;
  TimerQueue queue;
  std::deque<NoTimer> timers(static_cast<std::size_t>(state.range(0)));
  Duration::rep now = 0;
  for (NoTimer& timer : timers) queue.add(timer, TimePoint(Duration(now++)));
  const AllocationsPerIteration counted(state);
  for (auto _ : state) {
    queue.add(timers[random() % timers.size()], TimePoint(Duration(now++)));
  }
}
BENCHMARK(timer_put_off)->Arg(100'000);

}  // namespace
}  // namespace fid
