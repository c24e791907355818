// SPDX-License-Identifier: MIT
#pragma once

#include <fid/sys/process.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <optional>

namespace fid::detail {

/// A child that was started here. `end` is guarded by the table's mutex; until it is there, the
/// child was not reaped and the number is still its own.
struct Child {
  explicit Child(ProcessId number) noexcept : pid(number) {}
  const ProcessId pid;
  std::optional<Result<ExitCode>> end;
};

/// The children started here that were not reaped. There is one in a process, because the kernel
/// has only one list of children for all threads, and any of them may take an end from it.
class ChildTable {
 public:
  static ChildTable& of_process();

  Result<std::shared_ptr<Child>> start(const ProcessOptions& options);
  /// The end of `child`, reaping it if it has come.
  Result<std::optional<ExitCode>> look(Child& child) noexcept;
  Result<void> signal(const Child& child, Signal signal, bool group) noexcept;
  std::size_t reap_orphans() noexcept;

 private:
  std::mutex mutex_;
  std::map<ProcessId, std::shared_ptr<Child>> running_;
};

}  // namespace fid::detail
