// SPDX-License-Identifier: MIT
// Children that were started.  waitid(2), kill(2)
#include "platform/children.hpp"

#include "platform/posix/syscall.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace fid {

bool is_init_process() noexcept {
  return ::getpid() == 1;
}

namespace platform {

Result<std::optional<ExitCode>> reap(ProcessId child) noexcept {
  siginfo_t info{};
  const int found = uninterrupted(
      [&] { return ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG); });
  if (found == -1) return last_error("waitid");
  if (info.si_pid == 0) return std::nullopt;
  return info.si_code == CLD_EXITED ? ExitCode::exited(info.si_status)
                                    : ExitCode::killed(info.si_status);
}

std::optional<ProcessId> ended_child() noexcept {
  siginfo_t info{};
  const int found =
      uninterrupted([&] { return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT); });
  if (found == -1 || info.si_pid == 0) return std::nullopt;
  return info.si_pid;
}

void await_end(ProcessId child) noexcept {
  siginfo_t info{};
  uninterrupted(
      [&] { return ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT); });
}

Result<void> send_signal(ProcessId child, Signal signal) noexcept {
  return done("kill", [&] { return ::kill(child, signal_number(signal)); });
}

Result<void> send_group_signal(ProcessId leader, Signal signal) noexcept {
  return done("kill", [&] { return ::kill(-leader, signal_number(signal)); });
}

}  // namespace platform
}  // namespace fid
