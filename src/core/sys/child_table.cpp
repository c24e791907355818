// SPDX-License-Identifier: MIT
#include "sys/child_table.hpp"

#include "platform/children.hpp"

namespace fid::detail {

ChildTable& ChildTable::of_process() {
  // Never destroyed: threads that wait for a child may outlast main().
  static auto* const table = new ChildTable;
  return *table;
}

Result<std::shared_ptr<Child>> ChildTable::start(const ProcessOptions& options) {
  // Locked throughout: nobody may take the new child for an orphan before it is in the table.
  const std::lock_guard lock(mutex_);
  const auto pid = platform::spawn(options);
  if (!pid) return fail(pid.error());
  auto child = std::make_shared<Child>(*pid);
  running_.insert_or_assign(*pid, child);
  return child;
}

Result<std::optional<ExitCode>> ChildTable::look(Child& child) noexcept {
  const std::lock_guard lock(mutex_);
  if (!child.end) {
    const auto reaped = platform::reap(child.pid);
    if (reaped && !*reaped) return std::nullopt;
    child.end.emplace(reaped ? Result<ExitCode>(**reaped) : fail(reaped.error()));
    running_.erase(child.pid);
  }
  if (!*child.end) return fail(child.end->error());
  return **child.end;
}

Result<void> ChildTable::signal(const Child& child, Signal signal, bool group) noexcept {
  const std::lock_guard lock(mutex_);
  if (child.end) return fail(std::errc::no_such_process, "kill");
  return group ? platform::send_group_signal(child.pid, signal)
               : platform::send_signal(child.pid, signal);
}

std::size_t ChildTable::reap_orphans() noexcept {
  const std::lock_guard lock(mutex_);
  std::size_t orphans = 0;
  // The kernel names the first that has ended until it is reaped, so those of ours that come
  // before an orphan are reaped too; their end is kept for their Process.
  while (const auto pid = platform::ended_child()) {
    const auto reaped = platform::reap(*pid);
    if (!reaped || !*reaped) break;
    const auto ours = running_.find(*pid);
    if (ours == running_.end()) {
      ++orphans;
    } else {
      ours->second->end.emplace(**reaped);
      running_.erase(ours);
    }
  }
  return orphans;
}

}  // namespace fid::detail
