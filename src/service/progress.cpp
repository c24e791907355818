// SPDX-License-Identifier: MIT
#include "service/progress.hpp"

#include "service/amounts.hpp"

#include <fid/reactor/sleep.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace fid::service {
namespace {

constexpr std::chrono::milliseconds interval{250};

}  // namespace

std::string progress_line(const ProgressState& state) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(state.elapsed).count();
  std::string line = fmt::format("{}  {}/s  {}:{:02}", size_text(static_cast<double>(state.bytes)),
                                 size_text(state.rate), seconds / 60, seconds % 60);
  if (state.total && *state.total > 0) {
    const double part = static_cast<double>(state.bytes) / static_cast<double>(*state.total);
    line += fmt::format("  {:.0f}%", 100 * part);
  }
  return line;
}

Task<void> show_progress(const LiveRelays& live, std::optional<std::uint64_t> total,
                         std::function<void(std::string_view)> draw) {
  const TimePoint began = Clock::now();
  ProgressState state;
  state.total = total;
  // Drawn once more when cancelled, so that the last line tells all of it.
  class Last {
   public:
    explicit Last(std::function<void()> finish) : finish_(std::move(finish)) {}
    Last(const Last&) = delete;
    Last& operator=(const Last&) = delete;
    ~Last() { finish_(); }

   private:
    std::function<void()> finish_;
  };
  const auto look = [&] {
    const TimePoint now = Clock::now();
    const Totals totals = live.totals();
    const std::uint64_t bytes = totals.a_to_b + totals.b_to_a;
    const Duration passed = now - began - state.elapsed;
    if (passed > Duration::zero()) {
      const double latest =
          static_cast<double>(bytes - state.bytes) / std::chrono::duration<double>(passed).count();
      state.rate = state.rate == 0 ? latest : 0.7 * state.rate + 0.3 * latest;
    }
    state.bytes = bytes;
    state.elapsed = now - began;
  };
  const Last last([&] {
    look();
    state.rate = static_cast<double>(state.bytes) /
                 std::max(1e-9, std::chrono::duration<double>(state.elapsed).count());
    draw("\r" + progress_line(state) + "\x1b[K\n");
  });
  for (;;) {
    look();
    draw("\r" + progress_line(state) + "\x1b[K");
    co_await sleep(interval);
  }
}

}  // namespace fid::service
