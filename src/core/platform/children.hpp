// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/result.hpp>
#include <fid/sys/process.hpp>

#include <optional>

/// What a platform provides for child processes.
namespace fid::platform {

/// Starts the program; fails as Process::start() does.
Result<ProcessId> spawn(const ProcessOptions& options);
/// The end of a child, which is then forgotten by the system; none while it runs.
Result<std::optional<ExitCode>> reap(ProcessId child) noexcept;
/// A child that has ended and was not reaped, any of them; none if there is none.
std::optional<ProcessId> ended_child() noexcept;
/// Blocks until the child has ended, and leaves it to be reaped.
void await_end(ProcessId child) noexcept;
Result<void> send_signal(ProcessId child, Signal signal) noexcept;
Result<void> send_group_signal(ProcessId leader, Signal signal) noexcept;
/// A handle that becomes readable when the child has ended. Fails where there is no such thing.
Result<Handle> exit_handle(ProcessId child) noexcept;

}  // namespace fid::platform
