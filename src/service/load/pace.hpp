// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/clock.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>

namespace fid::service::load {

/// When the operations of one connection are to begin, and from when each one counts.
///
/// At a rate they are due at fixed intervals, whatever became of those before. One that could not
/// begin because the one before it was not over counts from when it was due: a peer that pauses
/// delays all that would have been asked meanwhile, and that must show (coordinated omission). That
/// our own timer was late is not the peer's fault, and is not counted.
///
/// Shape: value. Told the time, so that tests can tell it.
class Pace {
 public:
  /// As fast as it goes.
  Pace() = default;
  Pace(Duration interval, TimePoint first) : interval_(interval), due_(first), woken_(first) {}

  /// Until when to wait before the next operation; nothing if it may begin.
  std::optional<TimePoint> wait_until(TimePoint now) const {
    if (!interval_ || due_ <= now) return std::nullopt;
    return due_;
  }
  /// That wait is over.
  void woke(TimePoint now) { woken_ = now; }

  /// The next operation begins now. Gives the time from which it counts.
  TimePoint begin(TimePoint now) {
    if (!interval_) return now;
    const TimePoint counts_from = std::max(due_, woken_);
    due_ += *interval_;
    return counts_from;
  }

  /// Whether another operation was due by `end` and has not begun. It never will, once asked here.
  std::optional<TimePoint> overdue(TimePoint end) {
    if (!interval_ || due_ > end) return std::nullopt;
    return begin(end);
  }

 private:
  std::optional<Duration> interval_;
  TimePoint due_;
  TimePoint woken_;
};

}  // namespace fid::service::load
