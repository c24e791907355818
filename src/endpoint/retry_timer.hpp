// SPDX-License-Identifier: MIT
#pragma once

#include <fid/reactor/reactor.hpp>
#include <fid/reactor/readiness.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace fid::endpoint {

/// How long to wait before each attempt, where the system tells nobody when to try again: a little
/// longer each time, so that neither the wait nor the waiting costs much.
class GrowingPause {
 public:
  static constexpr Duration first = std::chrono::milliseconds(1);
  static constexpr Duration longest = std::chrono::milliseconds(100);

  Duration next() noexcept { return std::exchange(next_, std::min(2 * next_, longest)); }
  void reset() noexcept { next_ = first; }

 private:
  Duration next_ = first;
};

/// Calls a readiness writable after such a pause.
///
/// Shape: stays put; destroying it before the readiness cancels it.
class RetryTimer final : public Timer {
 public:
  explicit RetryTimer(Readiness& readiness) noexcept : readiness_(&readiness) {}

  void start() { Reactor::current().timers().add(*this, Clock::now() + pause_.next()); }
  /// The next pause is short again.
  void reset() noexcept { pause_.reset(); }

 private:
  void run() override { readiness_->set(Ready::writable); }

  Readiness* readiness_;
  GrowingPause pause_;
};

}  // namespace fid::endpoint
