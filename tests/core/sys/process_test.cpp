// SPDX-License-Identifier: MIT
#include "core/sys/child_watch.hpp"
#include "support/code_of.hpp"
#include "support/no_new_threads.hpp"
#include "support/run_test.hpp"

#include <fid/base/os.hpp>
#include <fid/reactor/registration.hpp>
#include <fid/reactor/signals.hpp>
#include <fid/reactor/sleep.hpp>
#include <fid/sys/process.hpp>
#include <fid/task/task_group.hpp>

#include <gtest/gtest.h>

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <thread>

namespace fid {
namespace {

using namespace std::chrono_literals;
using test::run_test;

ProcessOptions shell(std::string script) {
  return ProcessOptions({"sh", "-c", std::move(script)});
}

/// Runs a script to its end.
Task<ExitCode> end_of(ProcessOptions options) {
  Process process = co_await Process::start(std::move(options));
  co_return co_await process.wait();
}

/// Everything a script prints.
Task<std::string> output_of(ProcessOptions options) {
  auto [reader, writer] = co_await os::pipe();
  options.give(1, std::move(writer));
  Process process = co_await Process::start(std::move(options));
  co_await process.wait();
  std::string text(65536, '\0');
  text.resize(co_await os::read(reader.get(), std::as_writable_bytes(std::span(text))));
  co_return text;
}

bool exists(ProcessId pid) {
  return ::kill(pid, 0) == 0;
}

TEST(Process, TellsHowItEnded) {
  run_test([]() -> Task<void> {
    EXPECT_EQ(co_await end_of(shell("exit 0")), ExitCode::exited(0));
    EXPECT_EQ(co_await end_of(shell("exit 3")), ExitCode::exited(3));
    const ExitCode killed = co_await end_of(shell("kill -KILL $$"));
    EXPECT_EQ(killed, ExitCode::killed(SIGKILL));
    EXPECT_EQ(killed.shell_status(), 137);
    EXPECT_FALSE(killed.success());
    EXPECT_EQ(killed.to_string(), "SIGKILL");
  });
}

TEST(Process, FailsToStartWithTheCause) {
  const auto error_of = [](ProcessOptions options) {
    return Process::start(std::move(options)).error();
  };
  const Error missing = error_of(ProcessOptions({"fid-no-such-program"}));
  EXPECT_EQ(missing.code, std::errc::no_such_file_or_directory);
  EXPECT_EQ(missing.operation, "exec");
  EXPECT_EQ(error_of(ProcessOptions({"/etc/passwd"})).code, std::errc::permission_denied);
  EXPECT_EQ(error_of(ProcessOptions({})).code, std::errc::invalid_argument);
  const Error nowhere = error_of(std::move(shell("exit 0").directory("/no/such/place")));
  EXPECT_EQ(nowhere.code, std::errc::no_such_file_or_directory);
  EXPECT_EQ(nowhere.operation, "chdir");
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a child was left";
}

TEST(Process, RunsWithItsOwnEnvironmentAndDirectory) {
  ::setenv("FID_TEST_OUTER", "outer", 1);
  ::setenv("FID_TEST_GONE", "here", 1);
  run_test([]() -> Task<void> {
    ProcessOptions options =
        shell("echo $FID_TEST_OUTER,$FID_TEST_ADDED,${FID_TEST_GONE-none},$PWD");
    options.env("FID_TEST_ADDED", "a b").unset_env("FID_TEST_GONE").directory("/usr");
    EXPECT_EQ(co_await output_of(std::move(options)), "outer,a b,none,/usr\n");
  });
}

TEST(Process, HandlesMayTakeEachOthersNumbers) {
  run_test([]() -> Task<void> {
    auto [a_reader, a_writer] = co_await os::pipe();
    auto [b_reader, b_writer] = co_await os::pipe();
    co_await os::write(a_writer.get(), as_bytes("a\n"));
    co_await os::write(b_writer.get(), as_bytes("b\n"));
    ProcessOptions options = shell("read x <&" + std::to_string(b_reader.get()) + "; read y <&" +
                                   std::to_string(a_reader.get()) + "; echo $x$y");
    options.share(b_reader.get(), a_reader.get()).share(a_reader.get(), b_reader.get());
    EXPECT_EQ(co_await output_of(std::move(options)), "ab\n");
  });
}

TEST(Process, PassesOnAHandleThatHasItsNumberAlreadyAndNoOther) {
  run_test([]() -> Task<void> {
    auto [kept, kept_writer] = co_await os::pipe();
    auto [other, other_writer] = co_await os::pipe();
    const auto check = [](Native handle) {
      return "if [ -e /proc/self/fd/" + std::to_string(handle) +
             " ]; then echo yes; else echo no; fi;";
    };
    ProcessOptions options = shell(check(kept.get()) + check(other.get()));
    options.share(kept.get(), kept.get());
    EXPECT_EQ(co_await output_of(std::move(options)), "yes\nno\n");
  });
}

TEST(Process, AGivenHandleBlocksInTheChildAndIsClosedHere) {
  run_test([]() -> Task<void> {
    auto [reader, writer] = co_await os::pipe();
    const Native number = reader.get();
    ProcessOptions options = shell("read x; exit 5");
    options.give(0, std::move(reader));
    Process process = co_await Process::start(std::move(options));
    EXPECT_FALSE(os::kind_of(number).has_value());
    co_await os::write(writer.get(), as_bytes("x\n"));
    EXPECT_EQ(co_await process.wait(), ExitCode::exited(5));
  });
}

TEST(Process, StartsWithNoSignalBlockedAndPipeDeadly) {
  run_test([]() -> Task<void> {
    const Signals signals = co_await Signals::create(Signal::terminate | Signal::user1);
    EXPECT_EQ(co_await end_of(shell("kill -TERM $$; exit 0")), ExitCode::killed(SIGTERM));
    EXPECT_EQ(co_await end_of(shell("kill -PIPE $$; exit 0")), ExitCode::killed(SIGPIPE));
    ::signal(SIGPIPE, SIG_IGN);
    EXPECT_EQ(co_await end_of(shell("kill -PIPE $$; exit 0")), ExitCode::killed(SIGPIPE));
    ::signal(SIGPIPE, SIG_DFL);
  });
}

TEST(Process, IsInThisGroupUnlessItGetsItsOwn) {
  run_test([]() -> Task<void> {
    Process same = co_await Process::start(ProcessOptions(shell("exec sleep 1000")));
    ProcessOptions options = shell("sleep 1000 & wait");
    options.new_group();
    Process own = co_await Process::start(std::move(options));
    EXPECT_EQ(::getpgid(same.pid()), ::getpgrp());
    EXPECT_EQ(::getpgid(own.pid()), own.pid());
    EXPECT_EQ(same.signal_group(Signal::terminate).error().code, std::errc::invalid_argument);
    co_await own.signal_group(Signal::terminate);
    EXPECT_EQ(co_await own.wait(), ExitCode::killed(SIGTERM));
    co_await same.signal(Signal::kill);
    EXPECT_EQ(co_await same.wait(), ExitCode::killed(SIGKILL));
    EXPECT_EQ(same.signal(Signal::kill).error().code, std::errc::no_such_process);
  });
}

TEST(Process, EveryWaiterIsToldAndACancelledOneTakesNothing) {
  run_test([]() -> Task<void> {
    auto [reader, writer] = co_await os::pipe();
    ProcessOptions options = shell("read x; exit 4");
    options.give(0, std::move(reader));
    Process process = co_await Process::start(std::move(options));
    int told = 0;
    auto waits = [](Process& child, int& count) -> Task<void> {
      if (co_await child.wait() == ExitCode::exited(4)) ++count;
    };
    TaskGroup group;
    group.add(waits(process, told));
    group.add(waits(process, told));
    {
      auto cancelled = process.wait();
      EXPECT_FALSE(cancelled.start());
    }
    EXPECT_FALSE((co_await process.try_wait()).has_value());
    writer = Handle();
    co_await group.join();
    EXPECT_EQ(told, 2);
    EXPECT_EQ(co_await process.wait(), ExitCode::exited(4));
  });
}

TEST(Process, OneThatIsDroppedGoesOnAndLeavesNoZombie) {
  run_test([]() -> Task<void> {
    auto [reader, writer] = co_await os::pipe();
    ProcessId pid = 0;
    {
      ProcessOptions options = shell("read x");
      options.give(0, std::move(reader));
      const Process process = co_await Process::start(std::move(options));
      pid = process.pid();
    }
    EXPECT_TRUE(exists(pid));
    writer = Handle();
    while (exists(pid)) co_await sleep(1ms);
  });
}

TEST(Process, ADroppedOneIsReapedAfterItsReactorHasGone) {
  ProcessId pid = 0;
  auto [reader, writer] = os::pipe().value();
  run_test([&, input = &reader]() -> Task<void> {
    ProcessOptions options = shell("read x");
    options.give(0, std::move(*input));
    const Process process = co_await Process::start(std::move(options));
    pid = process.pid();
  });
  EXPECT_TRUE(exists(pid));
  writer = Handle();
  while (exists(pid)) ::usleep(1000);
}

TEST(Process, IsKilledWithItsGroupWhenDroppedIfAsked) {
  run_test([]() -> Task<void> {
    auto [reader, writer] = co_await os::pipe();
    {
      ProcessOptions options = shell("sleep 1000 & wait");
      options.kill_on_drop().new_group().give(3, std::move(writer));
      const Process process = co_await Process::start(std::move(options));
    }
    // Both hold the writing end: it is closed when both are gone.
    const Registration end = co_await Registration::create(std::move(reader), Interest::readable);
    co_await ReadyOp(end.readiness(), Interest::readable);
    std::array<std::byte, 8> bytes;
    EXPECT_EQ(co_await os::read(end.native(), bytes), 0U);
  });
}

TEST(Process, ReapingOrphansNeverStealsAnExitCode) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  run_test([]() -> Task<void> {
    Signals signals = co_await Signals::create(Signal::child_exit);
    // The inner shell is orphaned when the outer one ends, and ends later.
    auto [reader, writer] = co_await os::pipe();
    ProcessOptions options = shell("sh -c 'read x' <&3 & exit 6");
    options.give(3, std::move(reader));
    Process process = co_await Process::start(std::move(options));
    co_await signals.next();
    reap_orphans();
    EXPECT_EQ(co_await process.wait(), ExitCode::exited(6));
    writer = Handle();
    std::size_t orphans = 0;
    while (orphans == 0) {
      co_await signals.next();
      orphans = reap_orphans();
    }
  });
  ::prctl(PR_SET_CHILD_SUBREAPER, 0);
}

TEST(Process, IsWaitedForEvenWhereChildExitsWereIgnored) {
  ::signal(SIGCHLD, SIG_IGN);
  run_test(
      []() -> Task<void> { EXPECT_EQ(co_await end_of(shell("exit 9")), ExitCode::exited(9)); });
}

TEST(Process, AThreadTellsTheEndWhereTheSystemHasNoHandleForIt) {
  run_test([]() -> Task<void> {
    Process process = co_await Process::start(ProcessOptions(shell("exit 2")));
    const auto watch = co_await detail::watch_child_from_thread(process.pid());
    co_await ReadyOp(watch->readiness(), Interest::readable);
    const auto code = co_await process.try_wait();
    EXPECT_EQ(code, std::optional(ExitCode::exited(2)));
  });
}

TEST(Process, ThatNoThreadCanTellTheEndIsAnError) {
  run_test([]() -> Task<void> {
    Process process = co_await Process::start(ProcessOptions(shell("exit 2")));
    {
      const test::NoNewThreads none;
      const auto watch = detail::watch_child_from_thread(process.pid());
      EXPECT_EQ(test::code_of(watch), std::errc::resource_unavailable_try_again);
    }
    EXPECT_EQ(co_await process.wait(), ExitCode::exited(2));
  });
}

TEST(Process, OneThatRunsOnIsLetGoThoughNoThreadCanBeStarted) {
  auto [reader, writer] = os::pipe().value();
  ProcessId pid = 0;
  {
    auto reactor = Reactor::create().value();
    ProcessOptions options = shell("read x <&3");
    options.give(3, std::move(reader));
    Process process = Process::start(std::move(options)).value();
    pid = process.pid();
    const test::NoNewThreads none;
    reactor.reset();
    { const Process gone = std::move(process); }
  }
  writer = Handle();
  while (::kill(pid, 0) == 0) {
    reap_orphans();
    std::this_thread::yield();
  }
}

}  // namespace
}  // namespace fid
