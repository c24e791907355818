// SPDX-License-Identifier: MIT
#include "core/platform/blocking_io.hpp"
#include "support/code_of.hpp"
#include "support/pty.hpp"
#include "support/run_test.hpp"
#include "support/stream_text.hpp"
#include "support/temp_dir.hpp"

#include <fid/base/os.hpp>
#include <fid/sys/std_stream.hpp>
#include <fid/task/race.hpp>

#include <gtest/gtest.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

namespace fid {
namespace {

using test::code_of;
using test::long_text;
using test::read_all_text;
using test::read_some;
using test::read_text;
using test::run_test;
using test::Terminal;
using test::write_text;

/// A pipe as a shell makes it: both ends block.
std::pair<Handle, Handle> blocking_pipe() {
  int ends[2];
  if (::pipe(ends) != 0) std::abort();
  return {Handle(ends[0]), Handle(ends[1])};
}

std::pair<Handle, Handle> blocking_sockets() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) std::abort();
  return {Handle(ends[0]), Handle(ends[1])};
}

bool never_blocks(const Handle& handle) {
  return os::is_nonblocking(handle.get()).value();
}

// --- the descriptors stay as they were ------------------------------------------------------

/// What a program gets as input and output, and what the shell holds to talk to it.
struct Shell {
  Handle input;
  Handle output;
  Handle to_input;
  Handle from_output;
};

Shell shell_with(const std::string& kind) {
  Shell shell;
  if (kind == "pipe") {
    std::tie(shell.input, shell.to_input) = blocking_pipe();
    std::tie(shell.from_output, shell.output) = blocking_pipe();
  } else if (kind == "socket") {
    std::tie(shell.input, shell.to_input) = blocking_sockets();
    shell.output = os::duplicate(shell.input.get()).value();
    shell.from_output = os::duplicate(shell.to_input.get()).value();
  } else if (kind == "terminal") {
    Terminal terminal(Terminal::Mode::raw);
    shell.output = os::duplicate(terminal.program.get()).value();
    shell.from_output = os::duplicate(terminal.user.get()).value();
    shell.input = std::move(terminal.program);
    shell.to_input = std::move(terminal.user);
  }
  return shell;
}

/// Hands back what comes in, through standard input and output, until the end.
Task<void> echo() {
  StreamPtr stream = co_await make_stdio_stream();
  for (;;) {
    const std::string text = co_await read_some(*stream);
    if (text.empty()) break;
    co_await write_text(*stream, text);
  }
  co_await stream->shutdown();
}

/// A process that runs `body` with the given input and output.
template <class F>
pid_t fork_with(const Handle& input, const Handle& output, F body) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  ::dup2(input.get(), 0);
  ::dup2(output.get(), 1);
  ::_exit(run(body).has_value() ? 0 : 1);
}

int status_of(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

class InheritedDescriptors : public testing::TestWithParam<const char*> {};

TEST_P(InheritedDescriptors, AreNeverMadeNonBlockingNotEvenWhenKilled) {
  Shell shell = shell_with(GetParam());
  const pid_t child = fork_with(shell.input, shell.output, echo);
  std::array<std::byte, 4> answer;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(os::write(shell.to_input.get(), as_bytes("ping")).has_value());
    ASSERT_EQ(os::read(shell.from_output.get(), answer).value(), 4U);
    EXPECT_FALSE(never_blocks(shell.input));
    EXPECT_FALSE(never_blocks(shell.output));
  }
  ::kill(child, SIGKILL);
  EXPECT_EQ(WTERMSIG(status_of(child)), SIGKILL);
  EXPECT_FALSE(never_blocks(shell.input));
  EXPECT_FALSE(never_blocks(shell.output));
}

INSTANTIATE_TEST_SUITE_P(Std, InheritedDescriptors, testing::Values("pipe", "socket", "terminal"),
                         [](const auto& of) { return std::string(of.param); });

TEST(StdStream, AFileAsInputAndOutputKeepsItsModeAndOffset) {
  const test::TempDir dir;
  const std::string text = long_text();
  std::ofstream(dir / "in") << text;
  Handle input(::open((dir / "in").c_str(), O_RDONLY));
  Handle output(::open((dir / "out").c_str(), O_RDWR | O_CREAT | O_APPEND, 0600));
  EXPECT_EQ(status_of(fork_with(input, output, echo)), 0);
  EXPECT_FALSE(never_blocks(input));
  EXPECT_FALSE(never_blocks(output));
  EXPECT_EQ(::lseek(input.get(), 0, SEEK_CUR), static_cast<off_t>(text.size()));
  EXPECT_EQ(std::filesystem::file_size(dir / "out"), text.size());
}

TEST(StdStream, TheNullDeviceIsAnEmptyInput) {
  const Handle null(::open("/dev/null", O_RDWR));
  EXPECT_EQ(status_of(fork_with(null, null, echo)), 0);
}

TEST(StdStream, AClosedInputIsAtItsEndAndAClosedOutputIsAnError) {
  const auto [reader, writer] = blocking_pipe();
  EXPECT_EQ(status_of(fork_with(reader, writer,
                                [] {
                                  ::close(0);
                                  return echo();
                                })),
            0);
  EXPECT_EQ(status_of(fork_with(reader, writer,
                                []() -> Task<void> {
                                  ::close(1);
                                  const auto stdio = make_stdio_stream();
                                  if (code_of(stdio) != std::errc::bad_file_descriptor) {
                                    co_await fail(std::errc::io_error, "test");
                                  }
                                })),
            0);
}

TEST(StdStream, ClosedStandardNumbersAreFilledBeforeAnythingElseGetsThem) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(0);
    ::close(2);
    fill_closed_standard_handles();
    char byte = 0;
    const bool empty = ::read(0, &byte, 1) == 0;
    const bool refused = ::write(2, "x", 1) == -1;
    ::_exit(empty && refused && ::dup(0) > 2 ? 0 : 1);
  }
  EXPECT_EQ(status_of(child), 0);
}

// --- each kind ------------------------------------------------------------------------------

TEST(StdStream, WhatAWriterLeftBehindIsReadBeforeTheEnd) {
  run_test([]() -> Task<void> {
    auto [reader, writer] = blocking_pipe();
    co_await os::write(writer.get(), as_bytes("last words"));
    writer = Handle();
    ReaderPtr input = co_await inherited_reader(reader.get());
    EXPECT_EQ(co_await read_all_text(*input), "last words");
  });
}

TEST(StdStream, AFifoWhoseWriterLeftBeforeEndsToo) {
  const test::TempDir dir;
  run_test([&]() -> Task<void> {
    co_await os::make_fifo(dir / "f", 0600);
    Handle reader(::open((dir / "f").c_str(), O_RDONLY | O_NONBLOCK));
    Handle writer(::open((dir / "f").c_str(), O_WRONLY));
    co_await os::set_nonblocking(reader.get(), false);
    writer = Handle();
    ReaderPtr input = co_await inherited_reader(reader.get());
    EXPECT_EQ(co_await read_all_text(*input), "");
  });
}

TEST(StdStream, EveryLineOfATerminalIsReadThoughACallGivesOne) {
  run_test([]() -> Task<void> {
    const Terminal terminal(Terminal::Mode::lines);
    ReaderPtr input = co_await inherited_reader(terminal.program.get());
    co_await os::write(terminal.user.get(), as_bytes("one\ntwo\nthree\n"));
    EXPECT_EQ(co_await read_text(*input, 14), "one\ntwo\nthree\n");
    co_await os::write(terminal.user.get(), as_bytes("\x04"));
    EXPECT_EQ(co_await read_some(*input), "");
    co_await os::write(terminal.user.get(), as_bytes("more\n"));
    EXPECT_EQ(co_await read_some(*input), "more\n");
  });
}

TEST(StdStream, EveryPacketOfAPacketPipeIsRead) {
  run_test([]() -> Task<void> {
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_DIRECT), 0);
    const Handle reader(ends[0]);
    const Handle writer(ends[1]);
    ReaderPtr input = co_await inherited_reader(reader.get());
    co_await os::write(writer.get(), as_bytes("one"));
    co_await os::write(writer.get(), as_bytes("two"));
    EXPECT_EQ(co_await read_text(*input, 6), "onetwo");
  });
}

TEST(StdStream, EndingAnOutputPipeShowsItsReaderTheEnd) {
  run_test([]() -> Task<void> {
    auto [reader, writer] = blocking_pipe();
    StreamPtr output = co_await inherited_stream(writer.get());
    co_await write_text(*output, "all");
    co_await output->shutdown();
    co_await output->shutdown();
    ReaderPtr input = co_await inherited_reader(reader.get());
    EXPECT_EQ(co_await read_all_text(*input), "all");
    EXPECT_EQ(co_await os::kind_of(writer.get()), os::HandleKind::device);
    EXPECT_EQ(code_of(co_await as_result(output->write(as_bytes("x")))), std::errc::broken_pipe);
  });
}

TEST(StdStream, TheNullDeviceTakesAnythingAtOnceAndTakesPartInSplicing) {
  run_test([]() -> Task<void> {
    const Handle null(::open("/dev/null", O_WRONLY));
    const auto [reader, writer] = co_await os::pipe();
    const Buffer much(1000000);
    WriterPtr output = co_await inherited_writer(null.get());
    EXPECT_EQ(co_await output->attempt_write(much), much.size());
    EXPECT_TRUE(output->attempt_flush());
    const auto handle = output->write_handle();
    EXPECT_TRUE(handle && os::can_splice(reader.get(), *handle));
    co_await output->shutdown();
    EXPECT_EQ(co_await output->attempt_write(much), much.size());
  });
}

TEST(StdStream, EndingASocketLeavesItsOtherDirection) {
  run_test([]() -> Task<void> {
    const auto [near, far] = blocking_sockets();
    StreamPtr a = co_await inherited_stream(near.get());
    StreamPtr b = co_await inherited_stream(far.get());
    co_await write_text(*a, "question");
    co_await a->shutdown();
    EXPECT_EQ(co_await read_all_text(*b), "question");
    co_await write_text(*b, "answer");
    co_await b->shutdown();
    EXPECT_EQ(co_await read_all_text(*a), "answer");
  });
}

TEST(StdStream, ALostReaderIsNoticedWhileNothingIsWritten) {
  run_test([]() -> Task<void> {
    auto [reader, writer] = blocking_pipe();
    WriterPtr output = co_await inherited_writer(writer.get());
    co_await write_text(*output, "x");
    auto notice = [&]() -> Task<void> {
      co_await ReadyOp(output->write_readiness(), Interest::error);
    };
    auto leave = [reader = std::move(reader)]() mutable -> Task<void> {
      co_await yield_now();
      reader = Handle();
    };
    co_await all(notice(), leave());
    EXPECT_TRUE(output->write_readiness().ready().is_write_closed());
    EXPECT_EQ(code_of(co_await as_result(output->write(as_bytes("x")))), std::errc::broken_pipe);
  });
}

Task<void> expect_broken(const Handle& writer) {
  WriterPtr output = co_await inherited_writer(writer.get());
  co_await ReadyOp(output->write_readiness(), Interest::error);
  EXPECT_TRUE(output->write_readiness().ready().is_write_closed());
  EXPECT_EQ(code_of(co_await as_result(output->write(as_bytes("x")))), std::errc::broken_pipe);
  co_await output->shutdown();
}

TEST(StdStream, AReaderThatHadGoneBeforeIsABrokenPipe) {
  const test::TempDir dir;
  run_test([&]() -> Task<void> {
    auto [reader, writer] = blocking_pipe();
    reader = Handle();
    co_await expect_broken(writer);
    co_await os::make_fifo(dir / "f", 0600);
    Handle fifo_reader(::open((dir / "f").c_str(), O_RDONLY | O_NONBLOCK));
    const Handle fifo_writer(::open((dir / "f").c_str(), O_WRONLY));
    fifo_reader = Handle();
    co_await expect_broken(fifo_writer);
  });
}

TEST(StdStream, BulkGoesThroughAPipeBothWays) {
  run_test([]() -> Task<void> {
    const auto [reader, writer] = blocking_pipe();
    ReaderPtr input = co_await inherited_reader(reader.get());
    WriterPtr output = co_await inherited_writer(writer.get());
    const std::string text = long_text();
    auto write = [&]() -> Task<void> {
      co_await write_text(*output, text);
      co_await output->shutdown();
    };
    auto [got, written] = co_await all(read_all_text(*input), write());
    EXPECT_EQ(got, text);
  });
}

TEST(StdStream, RefusesWhatCannotBeUsed) {
  run_test([]() -> Task<void> {
    const auto [reader, writer] = blocking_pipe();
    EXPECT_EQ(code_of(inherited_reader(writer.get())), std::errc::bad_file_descriptor);
    EXPECT_EQ(code_of(inherited_writer(reader.get())), std::errc::bad_file_descriptor);
    EXPECT_EQ(code_of(inherited_stream(reader.get(), os::Access{true, true})),
              std::errc::bad_file_descriptor);
    EXPECT_EQ(code_of(inherited_stream(1000)), std::errc::bad_file_descriptor);
    const Handle directory(::open("/", O_RDONLY));
    EXPECT_EQ(code_of(inherited_reader(directory.get())), std::errc::is_a_directory);
    const Handle listener(::socket(AF_UNIX, SOCK_STREAM, 0));
    sockaddr_storage address{};
    address.ss_family = AF_UNIX;
    ::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), sizeof(sa_family_t));
    ::listen(listener.get(), 1);
    EXPECT_EQ(code_of(inherited_reader(listener.get())), std::errc::invalid_argument);
    co_return;
  });
}

// --- where reopening fails ------------------------------------------------------------------

/// Not permitted to open its own descriptors again, as after su(1).
class WithoutPermission : public testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can become somebody else";
    pipe_ = blocking_pipe();
    ASSERT_EQ(::seteuid(65534), 0);
    ASSERT_FALSE(os::reopen(pipe_.first.get(), os::Access{true, false}).has_value());
  }
  void TearDown() override { static_cast<void>(::seteuid(0)); }

  std::pair<Handle, Handle> pipe_;
};

TEST_F(WithoutPermission, APipeIsReadAndWrittenAllTheSame) {
  run_test([this]() -> Task<void> {
    ReaderPtr input = co_await inherited_reader(pipe_.first.get());
    WriterPtr output = co_await inherited_writer(pipe_.second.get());
    const std::string text = long_text();
    auto write = [&]() -> Task<void> {
      co_await write_text(*output, text);
      co_await output->shutdown();
    };
    auto [got, written] = co_await all(read_all_text(*input), write());
    EXPECT_EQ(got, text);
    EXPECT_FALSE(never_blocks(pipe_.first));
  });
}

TEST_F(WithoutPermission, ALostReaderIsStillNoticed) {
  run_test([this]() -> Task<void> {
    WriterPtr output = co_await inherited_writer(pipe_.second.get());
    pipe_.first = Handle();
    co_await ReadyOp(output->write_readiness(), Interest::error);
    EXPECT_TRUE(output->write_readiness().ready().is_write_closed());
  });
}

TEST(StdStream, ANumberThatIsLetGoStaysTakenAndAsInheritedAsItWas) {
  for (const int flags : {0, FD_CLOEXEC}) {
    auto [reader, writer] = blocking_pipe();
    ASSERT_EQ(::fcntl(writer.get(), F_SETFD, flags), 0);
    ASSERT_TRUE(platform::replace_by_null(writer.get()));
    EXPECT_EQ(::fcntl(writer.get(), F_GETFD), flags);
    std::array<std::byte, 1> byte;
    EXPECT_EQ(os::read(reader.get(), byte), 0U) << "nobody writes any more";
  }
}

}  // namespace
}  // namespace fid
