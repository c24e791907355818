// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/error.hpp>
#include <fid/reactor/runtime.hpp>
#include <fid/task/task.hpp>

#include <gtest/gtest.h>

#include <utility>

namespace fid::test {

/// Runs a coroutine as the body of a test, on a reactor of its own; its error fails the test.
template <class F>
void run_test(F body) {
  const Result<void> result = run(std::move(body));
  if (!result) ADD_FAILURE() << describe(result.error());
}

}  // namespace fid::test
