// SPDX-License-Identifier: MIT
#pragma once

#include <fid/task/run_queue.hpp>
#include <fid/task/task.hpp>

namespace fid::test {

/// Lets everything else that is ready run, that many times.
inline Task<void> turns(int count = 1) {
  for (int turn = 0; turn < count; ++turn) co_await yield_now();
}

}  // namespace fid::test
