// SPDX-License-Identifier: MIT
#pragma once

#include "service/connection_end.hpp"
#include "service/live_relays.hpp"

#include <fid/base/clock.hpp>
#include <fid/sys/process.hpp>
#include <fid/task/task.hpp>

#include <optional>

namespace fid::service {

/// How the command behind a side exited.
struct CommandExit {
  Side side;
  ExitCode code;
};

/// The commands behind the two sides of a connection that is over: each is waited for, or made to
/// end.
///
/// Shape: stays where it is.
class Children {
 public:
  Children(std::optional<Process> a, std::optional<Process> b);
  Children(const Children&) = delete;
  Children& operator=(const Children&) = delete;

  /// Waits until they have exited. Gives why not, if the deadline passes or everything is cut
  /// meanwhile; they run on then.
  Task<std::optional<CloseReason>> exited(LiveRelays& live, std::optional<TimePoint> deadline);
  /// Asks those that run to end (TERM), and kills those that have not two seconds later. Each with
  /// its group, if it has one of its own.
  Task<void> end();

  /// The first of them that failed, if one did.
  std::optional<CommandExit> failure();

 private:
  std::optional<Process> a_;
  std::optional<Process> b_;
};

}  // namespace fid::service
