// SPDX-License-Identifier: MIT
#pragma once

#include "service/join.hpp"
#include "service/shutdown.hpp"

#include <fid/task/task.hpp>

namespace fid::service {

/// Runs the work of a command that joins two endpoints once: `connect`, `bridge`, `listen`.
///
/// A signal lets what is joined finish while draining lasts, then cuts it; before that it ends the
/// work at once. The status is the work's own if it came to its end, and that of the signal
/// otherwise.
Task<Complaint> run_once(Task<Complaint> work, Shutdown& shutdown, const Surroundings& around);

/// A signal came before the work was complete.
Complaint ended_early(Signal signal);

}  // namespace fid::service
