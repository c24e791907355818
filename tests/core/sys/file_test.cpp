// SPDX-License-Identifier: MIT
#include "support/code_of.hpp"
#include "support/no_new_threads.hpp"
#include "support/run_test.hpp"
#include "support/stream_text.hpp"
#include "support/temp_dir.hpp"
#include "support/turns.hpp"

#include <fid/base/os.hpp>
#include <fid/reactor/reactor.hpp>
#include <fid/sys/file.hpp>
#include <fid/task/race.hpp>

#include <gtest/gtest.h>

#include <sys/resource.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

namespace fid {
namespace {

using test::code_of;
using test::long_text;
using test::read_all_text;
using test::run_test;
using test::TempDir;
using test::write_text;

constexpr FileOptions reading{os::OpenOptions{.read = true}};
constexpr FileOptions creating{os::OpenOptions{.write = true, .create = true}};

void put(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::string contents(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

TEST(File, ReadsToItsEnd) {
  const TempDir dir;
  const std::string text = long_text();
  put(dir / "f", text);
  run_test([&]() -> Task<void> {
    File file = co_await File::open(dir / "f", reading);
    EXPECT_EQ(co_await read_all_text(file), text);
    File again = co_await File::open(dir / "f", reading);
    EXPECT_EQ(co_await test::read_text(again, 1000), text.substr(0, 1000));
  });
}

TEST(File, WhatIsInMemoryIsReadToItsEndWithoutAThread) {
  const TempDir dir;
  put(dir / "f", "text");
  auto handle = os::open(dir / "f", reading.open);
  ASSERT_TRUE(handle);
  if (iovec nothing{}; ::preadv2(handle->get(), &nothing, 1, -1, RWF_NOWAIT) == -1) {
    GTEST_SKIP() << "this file system does not tell what is in memory";
  }
  run_test([&]() -> Task<void> {
    const test::NoNewThreads none;
    File file = File::adopt(*std::move(handle));
    EXPECT_EQ(co_await read_all_text(file), "text");
  });
}

TEST(File, AFileThatIsMadeUpAsItIsReadIsReadToItsEnd) {
  run_test([&]() -> Task<void> {
    File file = co_await File::open("/proc/self/status", reading);
    EXPECT_NE((co_await read_all_text(file)).find("Threads:"), std::string::npos);
  });
}

TEST(File, ThatNoThreadCanBeStartedIsAnError) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    // What is in memory cannot be told of it.
    File in = File::adopt(co_await os::open("/proc/self/status", reading.open));
    File out = File::adopt(co_await os::open(dir / "f", creating.open));
    const test::NoNewThreads none;
    std::array<std::byte, 4> bytes;
    constexpr auto no_thread = std::errc::resource_unavailable_try_again;
    EXPECT_EQ(code_of(co_await as_result(in.read(bytes))), no_thread);
    EXPECT_EQ(code_of(co_await as_result(out.shutdown())), no_thread);
  });
}

TEST(File, TheNullDeviceEndsWithoutAThread) {
  run_test([]() -> Task<void> {
    File null = File::adopt(co_await os::open("/dev/null", reading.open));
    const test::NoNewThreads none;
    EXPECT_EQ(co_await read_all_text(null), "");
  });
}

TEST(File, GivesMoreOnceItHasGrown) {
  const TempDir dir;
  put(dir / "f", "one");
  run_test([&]() -> Task<void> {
    File file = co_await File::open(dir / "f", reading);
    EXPECT_EQ(co_await read_all_text(file), "one");
    put(dir / "f", "one, two");
    EXPECT_EQ(co_await read_all_text(file), ", two");
  });
}

TEST(File, ACancelledReadLosesNothing) {
  // A pipe, because it can be made to wait.
  run_test([]() -> Task<void> {
    auto [reader, writer] = co_await os::pipe();
    File file = File::adopt(std::move(reader));
    std::array<std::byte, 16> bytes{};
    {
      auto cancelled = file.read(bytes);
      EXPECT_FALSE(cancelled.start());
    }
    co_await os::write(writer.get(), as_bytes("kept"));
    co_await file.readable();
    EXPECT_EQ(bytes[0], std::byte{0});
    const std::size_t n = co_await file.read(bytes);
    EXPECT_EQ(as_text(Bytes(bytes).first(n)), "kept");
  });
}

TEST(File, WritesWhatItTook) {
  const TempDir dir;
  const std::string text = long_text();
  run_test([&]() -> Task<void> {
    File file = co_await File::open(dir / "f", creating);
    co_await write_text(file, text);
    co_await file.flush();
    EXPECT_EQ(contents(dir / "f"), text);
    co_await write_text(file, "end");
    co_await file.shutdown();
    EXPECT_EQ(contents(dir / "f"), text + "end");
    EXPECT_EQ(code_of(co_await as_result(file.write(as_bytes("x")))), std::errc::broken_pipe);
    co_await file.shutdown();
  });
}

TEST(File, OpensAsAsked) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    auto write_to = [&](FileOptions options, std::string_view text) -> Task<void> {
      File file = co_await File::open(dir / "f", options);
      co_await write_text(file, text);
      co_await file.shutdown();
    };
    const auto missing = co_await as_result(write_to({os::OpenOptions{.write = true}}, ""));
    EXPECT_EQ(code_of(missing), std::errc::no_such_file_or_directory);
    co_await write_to({os::OpenOptions{.write = true, .create = true, .mode = 0600}}, "abcdef");
    EXPECT_EQ(std::filesystem::status(dir / "f").permissions(), std::filesystem::perms(0600));
    co_await write_to({os::OpenOptions{.append = true}}, "gh");
    EXPECT_EQ(contents(dir / "f"), "abcdefgh");
    co_await write_to({os::OpenOptions{.write = true}, 2}, "XY");
    EXPECT_EQ(contents(dir / "f"), "abXYefgh");
    co_await write_to({os::OpenOptions{.write = true}, -1, true}, "Z");
    EXPECT_EQ(contents(dir / "f"), "abXYefgZ");
    co_await write_to({os::OpenOptions{.write = true, .truncate = true}}, "short");
    EXPECT_EQ(contents(dir / "f"), "short");
    const auto directory = co_await as_result(File::open(dir.path(), reading));
    EXPECT_EQ(code_of(directory), std::errc::is_a_directory);
  });
}

TEST(File, ReportsAFullDiskAtTheLatestWhenFlushed) {
  run_test([]() -> Task<void> {
    File full = co_await File::open("/dev/full", creating);
    const std::size_t taken = co_await full.write(as_bytes("lost"));
    EXPECT_EQ(taken, 4U);
    EXPECT_EQ(code_of(co_await as_result(full.flush())), std::errc::no_space_on_device);
    EXPECT_TRUE(full.write_readiness().ready().is_write_closed());
    EXPECT_EQ(code_of(co_await as_result(full.write(as_bytes("x")))),
              std::errc::no_space_on_device);
    EXPECT_EQ(code_of(co_await as_result(full.shutdown())), std::errc::no_space_on_device);
  });
}

TEST(File, ReportsAFullDiskInTheMiddleOfMuch) {
  run_test([]() -> Task<void> {
    File full = co_await File::open("/dev/full", creating);
    const std::string text = long_text();
    EXPECT_EQ(code_of(co_await as_result(write_text(full, text))), std::errc::no_space_on_device);
  });
}

TEST(File, AFileSizeLimitIsAnErrorAndNotASignal) {
  const TempDir dir;
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const rlimit limit{1000, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &limit);
  run_test([&]() -> Task<void> {
    File file = co_await File::open(dir / "f", creating);
    const std::string text(2000, 'x');
    co_await write_text(file, text);
    EXPECT_EQ(code_of(co_await as_result(file.flush())), std::errc::file_too_large);
  });
  ::setrlimit(RLIMIT_FSIZE, &before);
}

TEST(File, TheNullDeviceIsEmptyAndTakesEverything) {
  run_test([]() -> Task<void> {
    File null = co_await File::open("/dev/null", {os::OpenOptions{.read = true, .write = true}});
    EXPECT_EQ(co_await read_all_text(null), "");
    const std::string text = long_text();
    co_await write_text(null, text);
    co_await null.shutdown();
    EXPECT_EQ(co_await read_all_text(null), "") << "ending the writing side leaves the other";
  });
}

TEST(File, HasOnlyTheDirectionsItWasOpenedFor) {
  const TempDir dir;
  put(dir / "f", "text");
  run_test([&]() -> Task<void> {
    File in = co_await File::open(dir / "f", reading);
    EXPECT_EQ(code_of(co_await as_result(in.write(as_bytes("x")))), std::errc::bad_file_descriptor);
    File out = co_await File::open(dir / "f", creating);
    std::array<std::byte, 4> bytes;
    EXPECT_EQ(code_of(co_await as_result(out.read(bytes))), std::errc::bad_file_descriptor);
  });
}

TEST(File, NeitherDirectionBlocksTheReactor) {
  run_test([]() -> Task<void> {
    // A pipe whose ends both block, with nobody else to serve it.
    auto [reader, writer] = co_await os::pipe();
    co_await os::set_nonblocking(reader.get(), false);
    co_await os::set_nonblocking(writer.get(), false);
    File in = File::adopt(std::move(reader));
    File out = File::adopt(std::move(writer));
    const std::string text = long_text();
    auto write = [&]() -> Task<void> {
      co_await write_text(out, text);
      co_await out.shutdown();
    };
    auto [got, written] = co_await all(read_all_text(in), write());
    EXPECT_EQ(got, text);
  });
}

TEST(File, AReadThatBlocksDoesNotKeepTheProcess) {
  auto pipe = os::pipe().value();
  const pid_t child = ::fork();
  if (child == 0) {
    const auto done = run([&]() -> Task<void> {
      File file = File::adopt(std::move(pipe.first));
      std::array<std::byte, 1> byte;
      auto cancelled = file.read(byte);
      EXPECT_FALSE(cancelled.start());
      co_return;
    });
    std::exit(done.has_value() ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST(File, MayGoWhileAWorkerReadsFromIt) {
  run_test([]() -> Task<void> {
    auto [reader, writer] = co_await os::pipe();
    co_await os::set_nonblocking(reader.get(), false);
    const auto& mailbox = Reactor::current().mailbox();
    const long users = mailbox.use_count();
    {
      File file = File::adopt(std::move(reader));
      std::array<std::byte, 4> buffer;
      EXPECT_TRUE(file.attempt_read(buffer).error().would_block());
    }
    EXPECT_EQ(os::write(writer.get(), as_bytes("x")), 1U);
    while (mailbox.use_count() > users) std::this_thread::yield();
    co_await test::turns();  // takes what the worker left
  });
}

TEST(File, WhatAWorkerReadAheadIsGivenPieceByPiece) {
  run_test([]() -> Task<void> {
    auto [reader, writer] = co_await os::pipe();
    co_await os::set_nonblocking(reader.get(), false);
    File file = File::adopt(std::move(reader));
    std::array<std::byte, 2> two;
    EXPECT_TRUE(file.attempt_read(two).error().would_block());  // a worker waits from now on
    EXPECT_EQ(os::write(writer.get(), as_bytes("abcdef")), 6U);
    for (const char* part : {"ab", "cd", "ef"}) {
      EXPECT_EQ(co_await file.read(two), 2U);
      EXPECT_EQ(as_text(two), part);
    }
    writer = Handle();
    EXPECT_EQ(co_await file.read(two), 0U);
  });
}

}  // namespace
}  // namespace fid
