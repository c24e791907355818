// SPDX-License-Identifier: MIT
#pragma once

#include <fid/reactor/readiness.hpp>
#include <fid/sys/process.hpp>

#include <memory>

namespace fid::detail {

/// Becomes readable when a child has ended.
class ChildWatch {
 public:
  ChildWatch() = default;
  ChildWatch(const ChildWatch&) = delete;
  ChildWatch& operator=(const ChildWatch&) = delete;
  virtual ~ChildWatch() = default;
  virtual Readiness& readiness() noexcept = 0;
};

/// Through the system's handle for a process where there is one, else through a thread.
Result<std::unique_ptr<ChildWatch>> watch_child(ProcessId child);
/// Through a thread that blocks until the child has ended. Fails with
/// resource_unavailable_try_again.
Result<std::unique_ptr<ChildWatch>> watch_child_from_thread(ProcessId child);

}  // namespace fid::detail
