// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command_line.hpp"
#include "cli/console.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fid::cli {

/// What a command line came to.
struct Outcome {
  ExitStatus status;
  std::string out;
  std::string err;
};

/// Runs the words after the program's name, in this process.
inline Outcome run_words(const std::vector<std::string>& words) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  Console console;
  Outcome outcome{};
  outcome.status = console.finish(run_command_line(words, console));
  outcome.out = testing::internal::GetCapturedStdout();
  outcome.err = testing::internal::GetCapturedStderr();
  return outcome;
}

}  // namespace fid::cli
