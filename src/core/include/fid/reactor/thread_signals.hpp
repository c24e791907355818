// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace fid {

/// Blocks SIGPIPE in the thread that makes it, until it is destroyed there; one that became
/// pending meanwhile is dropped. Nothing where the system has no such signal. pthread_sigmask(3)
class PipeSignalGuard {
 public:
  PipeSignalGuard() noexcept;
  PipeSignalGuard(const PipeSignalGuard&) = delete;
  PipeSignalGuard& operator=(const PipeSignalGuard&) = delete;
  ~PipeSignalGuard();

 private:
  bool was_blocked_ = false;
};

/// Blocks every signal in the calling thread: for helpers that are not to run handlers.
void block_all_signals() noexcept;

}  // namespace fid
