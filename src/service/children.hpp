// SPDX-License-Identifier: MIT
#pragma once

#include "service/connection_end.hpp"
#include "service/live_relays.hpp"

#include <fid/base/clock.hpp>
#include <fid/sys/process.hpp>
#include <fid/task/task.hpp>

#include <optional>

namespace fid::service {

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

  /// How they exited: the first of them that failed, or success; nothing if there were none.
  std::optional<ExitCode> code();

 private:
  std::optional<Process> a_;
  std::optional<Process> b_;
};

}  // namespace fid::service
