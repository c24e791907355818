// SPDX-License-Identifier: MIT
#pragma once

#include "service/connection_end.hpp"

#include <fid/base/clock.hpp>
#include <fid/reactor/signals.hpp>
#include <fid/task/task.hpp>

#include <functional>
#include <optional>

namespace fid::service {

/// How a command takes the signals that ask it to end.  fid(1), SIGNALS
struct DrainSettings {
  std::optional<Duration> drain;  ///< for either signal; unset: 10 s for TERM and HUP
  bool one_shot = false;          ///< unset `drain`: INT cuts at once
};

/// Why what is open must not finish.
struct Cut {
  Signal signal = Signal::terminate;  ///< the one to report
  CloseReason reason = CloseReason::signal;
};

/// Hears the signals of a running command.
///
///     signal                 | effect
///     TERM, HUP, INT, first  | stop_requested() gives it
///     any of them, second    | cut_requested() gives it; so does the end of the drain time
///     USR1                   | `on_stats` is called
///     CHLD                   | orphans are waited for, where this is process 1
///
/// Shape: stays where it is; make it before any thread is started.
class Shutdown {
 public:
  /// Signals that are ignored, as nohup(1) leaves HUP, stay ignored.
  static Result<Shutdown> create(const DrainSettings& settings, std::function<void()> on_stats);

  /// Waits for the first signal to end.
  Task<Signal> stop_requested();
  /// After stop_requested() gave `first`: waits until what is open must be cut.
  Task<Cut> cut_requested(Signal first);

 private:
  Shutdown(Signals signals, const DrainSettings& settings, std::function<void()> on_stats)
      : signals_(std::move(signals)), settings_(settings), on_stats_(std::move(on_stats)) {}

  Task<Signal> next_stop();

  Signals signals_;
  DrainSettings settings_;
  std::function<void()> on_stats_;
};

}  // namespace fid::service
