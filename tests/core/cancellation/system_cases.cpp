// SPDX-License-Identifier: MIT
// Signals, children, files, and what runs on a worker: the system goes on by itself, so each step
// here takes a little time.
#include "core/cancellation/cases.hpp"
#include "support/temp_dir.hpp"

#include <fid/base/os.hpp>
#include <fid/io/ops.hpp>
#include <fid/reactor/signals.hpp>
#include <fid/reactor/workers.hpp>
#include <fid/sys/child_stream.hpp>
#include <fid/sys/file.hpp>
#include <fid/sys/process.hpp>

#include <gtest/gtest.h>

#include <signal.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace fid::test {
namespace {

void wait_a_little() {
  std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

struct NextSignal final : Cancellable {
  std::optional<Signals> signals;
  Task<void> prepare() override {
    signals.emplace(co_await Signals::create(Signal::user1 | Signal::user2));
  }
  Task<void> operation() override { co_await signals->next(); }
  void go_on() override { ::kill(::getpid(), SIGUSR1); }
  Task<void> check() override {
    ::kill(::getpid(), SIGUSR2);
    EXPECT_EQ(co_await signals->next(), Signal::user2);
  }
};

/// A child that ends when it is told.
struct Exit final : Cancellable {
  std::optional<Process> process;
  Handle tell;
  Task<void> prepare() override {
    auto [reader, writer] = co_await os::pipe();
    tell = std::move(writer);
    ProcessOptions options({"sh", "-c", "read line; exit 3"});
    options.give(0, std::move(reader));
    process.emplace(co_await Process::start(std::move(options)));
  }
  Task<void> operation() override { co_await process->wait(); }
  void go_on() override {
    static_cast<void>(os::write(tell.get(), as_bytes("\n")));
    wait_a_little();
  }
  Task<void> check() override {
    static_cast<void>(os::write(tell.get(), as_bytes("\n")));
    EXPECT_EQ(co_await process->wait(), ExitCode::exited(3));
  }
};

/// What a child answers is read, all of it, by whoever reads next.
struct ReadFromChild final : Cancellable {
  std::optional<ChildStream> child;
  std::array<std::byte, 8> buffer{};
  Task<void> prepare() override {
    ProcessOptions cat({"cat"});
    child.emplace(co_await start_with_stream(std::move(cat)));
  }
  Task<void> operation() override { co_await child->stream->read(buffer); }
  void go_on() override {
    EXPECT_EQ(child->stream->attempt_write(as_bytes("x")), 1U);
    wait_a_little();
  }
  Task<void> check() override {
    EXPECT_EQ(buffer, (std::array<std::byte, 8>{}));
    co_await child->stream->write(as_bytes("abc"));
    co_await child->stream->shutdown();
    Buffer got;
    co_await read_to_end(*child->stream, got);
    EXPECT_TRUE(as_text(got).ends_with("abc"));
    EXPECT_EQ(as_text(got).find_first_not_of('x'), got.size() - 3);
    EXPECT_TRUE((co_await child->process.wait()).success());
  }
};

// --- files ----------------------------------------------------------------------------------

struct OpenFile final : Cancellable {
  TempDir dir;
  Task<void> prepare() override {
    std::ofstream(dir / "f") << "text";
    co_return;
  }
  Task<void> operation() override {
    constexpr FileOptions reading{os::OpenOptions{.read = true}};
    co_await File::open(dir / "f", reading);
  }
  void go_on() override { wait_a_little(); }
};

/// Something that blocks, as files do: what a worker reads for who waits no more is for the next.
struct ReadFile final : Cancellable {
  std::optional<File> file;
  Handle writer;
  std::array<std::byte, 8> buffer{};
  Task<void> prepare() override {
    auto ends = co_await os::pipe();
    co_await os::set_nonblocking(ends.first.get(), false);
    file.emplace(File::adopt(std::move(ends.first)));
    writer = std::move(ends.second);
  }
  Task<void> operation() override { co_await file->read(buffer); }
  void go_on() override {
    EXPECT_EQ(os::write(writer.get(), as_bytes("x")), 1U);
    wait_a_little();
  }
  bool keeps_worker() const override { return true; }
  Task<void> check() override {
    EXPECT_EQ(buffer, (std::array<std::byte, 8>{}));
    EXPECT_EQ(os::write(writer.get(), as_bytes("abc")), 3U);
    writer = Handle();
    Buffer got;
    co_await read_to_end(*file, got);
    EXPECT_TRUE(as_text(got).ends_with("abc"));
    EXPECT_EQ(as_text(got).find_first_not_of('x'), got.size() - 3);
  }
};

/// What flush() does not wait for any more is written all the same.
struct FlushFile final : Cancellable {
  TempDir dir;
  std::optional<File> file;
  std::string text = std::string(200'000, '#');
  Task<void> prepare() override {
    constexpr FileOptions creating{os::OpenOptions{.write = true, .create = true}};
    file.emplace(co_await File::open(dir / "f", creating));
  }
  Task<void> operation() override {
    co_await write_all(*file, as_bytes(text));
    co_await file->flush();
  }
  void go_on() override { wait_a_little(); }
  Task<void> check() override {
    co_await file->flush();
    EXPECT_EQ(os::file_size(os::open(dir / "f", {.read = true})->get()), text.size());
  }
};

struct OnWorker final : Cancellable {
  Task<void> operation() override {
    co_await on_worker([]() -> Result<int> { return 1; });
  }
  void go_on() override { wait_a_little(); }
  Task<void> check() override {
    EXPECT_EQ(co_await on_worker([]() -> Result<int> { return 2; }), 2);
  }
};

}  // namespace

void add_system_cases(CancellationCases& cases) {
  add<NextSignal>(cases, "SignalOp");
  add<Exit>(cases, "ExitOp");
  add<ReadFromChild>(cases, "ReadOp", "ChildStream");
  add<OpenFile>(cases, "File::open");
  add<ReadFile>(cases, "ReadOp", "File");
  add<FlushFile>(cases, "FlushOp", "File");
  add<OnWorker>(cases, "WorkerOp");
}

}  // namespace fid::test
