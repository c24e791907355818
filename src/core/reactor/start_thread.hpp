// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/result.hpp>
#include <fid/reactor/thread_signals.hpp>

#include <system_error>
#include <thread>
#include <utility>

namespace fid::detail {

/// Runs `job` on a thread of its own that nobody waits for, and that takes no signals.
/// Fails with resource_unavailable_try_again; the error is of the generic category, so that its
/// EAGAIN is not taken for a call that would block.  pthread_create(3)
template <class Job>
Result<void> start_thread(Job job) {
  try {
    std::thread([job = std::move(job)]() mutable {
      block_all_signals();
      job();
    }).detach();
  } catch (const std::system_error& error) {
    return fail(error.code(), "pthread_create");
  }
  return {};
}

}  // namespace fid::detail
