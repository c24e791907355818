// SPDX-License-Identifier: MIT
#include "service/children.hpp"

#include "support/run_test.hpp"

#include <fid/base/os.hpp>
#include <fid/sys/process.hpp>

#include <gtest/gtest.h>

#include <signal.h>

#include <array>
#include <string>
#include <utility>

namespace fid::service {
namespace {

using test::run_test;

/// Runs a script as far as it has said something.
Task<Process> ready(std::string script) {
  auto [reader, writer] = co_await os::pipe();
  co_await os::set_nonblocking(reader.get(), false);
  ProcessOptions options({"sh", "-c", std::move(script)});
  options.kill_on_drop().give(1, std::move(writer));
  Process process = co_await Process::start(std::move(options));
  std::array<std::byte, 8> bytes;
  EXPECT_GT(co_await os::read(reader.get(), bytes), 0U);
  co_return std::move(process);
}

TEST(Children, AreAskedToEndBeforeTheyAreKilled) {
  run_test([]() -> Task<void> {
    Process command = co_await ready("echo ready; exec sleep 600");
    Children children(std::nullopt, std::move(command));
    EXPECT_FALSE(children.failure().has_value()) << "it runs";
    co_await children.end();
    const auto failure = children.failure();
    EXPECT_TRUE(failure && failure->side == Side::b);
    EXPECT_TRUE(failure && failure->code == ExitCode::killed(SIGTERM));
  });
}

TEST(Children, ThatDoNotDoWhatTheyAreAskedToAreKilled) {
  run_test([]() -> Task<void> {
    Process command = co_await ready("trap '' TERM; echo ready; exec sleep 600");
    Children children(std::move(command), std::nullopt);
    co_await children.end();
    const auto failure = children.failure();
    EXPECT_TRUE(failure && failure->side == Side::a);
    EXPECT_TRUE(failure && failure->code == ExitCode::killed(SIGKILL));
  });
}

}  // namespace
}  // namespace fid::service
