// SPDX-License-Identifier: MIT
#include "cli/console.hpp"

#include <fid/base/error.hpp>

#include <gmock/gmock.h>

#include <cerrno>

namespace fid::cli {
namespace {

using testing::EndsWith;
using testing::internal::CaptureStderr;
using testing::internal::CaptureStdout;
using testing::internal::GetCapturedStderr;
using testing::internal::GetCapturedStdout;

TEST(Console, AFailureIsOneLineWithAddressCallReasonAndCode) {
  Console console;
  CaptureStderr();
  console.error("tcp://example.org:443", system_error(ECONNREFUSED, "connect"));
  EXPECT_EQ(GetCapturedStderr(),
            "fid: tcp://example.org:443: connect: Connection refused (ECONNREFUSED)\n");
}

TEST(Console, WhatIsNamedCannotBreakTheLineOrTheTerminal) {
  Console console;
  CaptureStderr();
  console.error("unix:a\nb\x1b[31m\x7f\xc3\xa9 {}", "no {} here");
  EXPECT_EQ(GetCapturedStderr(), "fid: unix:a\\x0ab\\x1b[31m\\x7f\xc3\xa9 {}: no {} here\n");
}

TEST(Console, QuietLeavesErrors) {
  Console console;
  OutputSettings settings;
  settings.quiet = true;
  console.configure(settings);
  CaptureStderr();
  console.log().warn("left out");
  console.error("a", "b");
  EXPECT_EQ(GetCapturedStderr(), "fid: a: b\n");
}

TEST(Console, VerbosityAddsConnectionsThenTraces) {
  Console console;
  CaptureStderr();
  console.log().info("connection");
  EXPECT_EQ(GetCapturedStderr(), "");
  OutputSettings settings;
  settings.verbose = 1;
  console.configure(settings);
  CaptureStderr();
  console.log().info("connection");
  console.log().debug("trace");
  EXPECT_THAT(GetCapturedStderr(), EndsWith("Z fid: connection\n"));
  settings.verbose = 2;
  console.configure(settings);
  CaptureStderr();
  console.log().debug("trace");
  EXPECT_THAT(GetCapturedStderr(), EndsWith("Z fid: trace\n"));
}

TEST(Console, ResultsGoToStdoutAlone) {
  Console console;
  CaptureStdout();
  CaptureStderr();
  console.print("a result\n");
  EXPECT_EQ(console.finish(ExitStatus::complete), ExitStatus::complete);
  EXPECT_EQ(GetCapturedStdout(), "a result\n");
  EXPECT_EQ(GetCapturedStderr(), "");
}

}  // namespace
}  // namespace fid::cli
