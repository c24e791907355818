// SPDX-License-Identifier: MIT
#pragma once

#include "service/join.hpp"
#include "service/shutdown.hpp"

#include <fid/task/task.hpp>

namespace fid::service {

/// Runs the work of a command that joins two endpoints once: `connect`, `bridge`, `listen`.
///
/// A signal lets it finish while draining lasts, then cuts its relay. The status is the work's own
/// if it came to its end, and that of the signal otherwise.
Task<Complaint> run_once(Task<Complaint> work, Shutdown& shutdown, const Surroundings& around);

}  // namespace fid::service
