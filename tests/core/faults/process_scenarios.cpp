// SPDX-License-Identifier: MIT
#include "core/faults/far_side.hpp"
#include "core/faults/scenarios.hpp"
#include "support/code_of.hpp"
#include "support/stream_text.hpp"

#include <fid/base/os.hpp>
#include <fid/io/ops.hpp>
#include <fid/sys/child_stream.hpp>
#include <fid/sys/process.hpp>

#include <sys/wait.h>

#include <cerrno>
#include <string>
#include <utility>

namespace fid::test {
namespace {

ProcessOptions command(const char* word) {
  return ProcessOptions({word});
}

/// An act with a child. That waitid(2) fails for one's own child happens only when somebody else
/// has reaped it, which the act then does.
class WithChild : public Act {
 protected:
  template <class T>
  static Task<T> reaped(Task<T> waiting) {
    auto result = co_await as_result(std::move(waiting));
    if (!result && result.error().operation == "waitid") {
      untouched([] {
        while (::waitpid(-1, nullptr, 0) > 0) {
        }
      });
    }
    co_return co_await std::move(result);
  }

  static Task<ExitCode> end_of(Process process) { co_return co_await process.wait(); }
};

struct Start final : WithChild {
  Task<void> operation() override {
    Process child = co_await Process::start(command("true"));
    EXPECT_TRUE((co_await reaped(end_of(std::move(child)))).success());
  }
};

struct StartWithPipe final : WithChild {
  Task<void> operation() override {
    auto ends = untouched([] { return os::pipe().value(); });
    ProcessOptions options = command("true");
    options.directory("/").give(1, std::move(ends.second)).new_group();
    Process child = co_await Process::start(std::move(options));
    EXPECT_TRUE((co_await reaped(end_of(std::move(child)))).success());
  }
};

struct Kill final : WithChild {
  Task<void> operation() override {
    ProcessOptions options({"sleep", "100"});
    options.kill_on_drop();
    Process child = co_await Process::start(std::move(options));
    co_await child.signal(Signal::kill);
    co_await reaped(end_of(std::move(child)));
  }
};

/// What went wrong is told as it was, whatever comes of asking which step it was.
struct StartWhatIsNotThere final : Act {
  Task<void> operation() override {
    ProcessOptions options = command("fid-no-such-program");
    options.directory("/");
    const auto started = Process::start(std::move(options));
    if (code_of(started) != std::errc::no_such_file_or_directory) co_await fail(started.error());
  }
};

Task<void> talk(ChildIo io) {
  ChildJoin join;
  join.io = io;
  ProcessOptions options({"head", "-c", "5"});
  ChildStream child = co_await start_with_stream(std::move(options), join);
  co_await write_all(*child.stream, as_bytes("hello"));
  co_await child.stream->shutdown();
  EXPECT_EQ(co_await read_all_text(*child.stream), "hello");
  EXPECT_TRUE((co_await child.process.wait()).success());
}

template <ChildIo io>
struct Talk final : WithChild {
  Task<void> operation() override { co_await this->reaped(talk(io)); }
};

struct ReapOrphans final : Act {
  Task<void> operation() override {
    EXPECT_EQ(reap_orphans(), 0U);
    co_return;
  }
};

}  // namespace

std::vector<Scenario> process_scenarios() {
  constexpr Call adding{"epoll_ctl", "EPOLL_CTL_ADD"};
  constexpr Call mode{"fcntl", "F_GETFL"};
  constexpr std::string_view by_thread = "a thread waits for the child";
  constexpr std::string_view passed_on = "what a child is given has to block";
  return {
      scenario<Start>("Start").ignores(adding, by_thread),
      scenario<Start>("StartWithThread").without({"syscall", "pidfd_open"}, ENOSYS),
      scenario<StartWithPipe>("StartWithPipe")
          .ignores(adding, by_thread)
          .reports(mode, "fcntl", passed_on),
      scenario<Kill>("Kill").ignores(adding, by_thread),
      scenario<StartWhatIsNotThere>("StartWhatIsNotThere")
          .ignores({"posix_spawnp", ""}, "that is what it is to fail with", {{ENOENT}}),
      scenario<Talk<ChildIo::pipes>>("StreamOfPipes")
          .ignores(adding, by_thread, {.nth = 2})
          .reports(mode, "fcntl", passed_on),
      scenario<Talk<ChildIo::socket>>("StreamOfSocket")
          .ignores(adding, by_thread, {.nth = 2})
          .ignores({"shutdown", ""}, "the peer has gone", {{ENOTCONN}})
          .reports(mode, "fcntl", passed_on),
      scenario<ReapOrphans>("ReapOrphans")
          .ignores({"waitid", ""}, "then there is none to be reaped"),
  };
}

}  // namespace fid::test
