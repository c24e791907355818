// SPDX-License-Identifier: MIT
#include "endpoint/open_text.hpp"
#include "support/temp_dir.hpp"

#include <fid/base/os.hpp>
#include <fid/base/os_path.hpp>
#include <fid/reactor/sleep.hpp>
#include <fid/reactor/with_deadline.hpp>
#include <fid/task/race.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>

namespace fid::endpoint {
namespace {

using namespace test;
using namespace std::chrono_literals;
using fid::test::TempDir;

namespace files = std::filesystem;

Task<void> write_all_of(std::string address, std::string text) {
  const ConnectionPtr fifo = co_await open_text(std::move(address), Access::write);
  co_await write_text(*fifo->stream, text);
  co_await fifo->stream->shutdown();
}

Task<std::string> read_all_of(std::string address) {
  const ConnectionPtr fifo = co_await open_text(std::move(address), Access::read);
  co_return co_await read_all_text(*fifo->stream);
}

/// Starts a task a little later.
template <class T>
Task<T> late(Task<T> task) {
  co_await sleep(20ms);
  co_return co_await std::move(task);
}

TEST(FifoKind, TheReaderMayComeFirst) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    const std::string fifo = "fifo:" + dir / "f";
    auto writing = late(write_all_of(fifo, "text"));
    auto [got, written] = co_await all(read_all_of(fifo), std::move(writing));
    EXPECT_EQ(got, "text");
  });
}

TEST(FifoKind, IsOneThroughALinkAndAnyPathToo) {
  const TempDir dir;
  ASSERT_TRUE(os::make_fifo(dir / "f", 0600));
  files::create_symlink("f", dir / "link");
  run_test([&]() -> Task<void> {
    // As an ordinary file, it would be opened for writing at once, or fail.
    auto reading = late(read_all_of("fifo:" + dir / "f"));
    auto [written, got] = co_await all(write_all_of(dir / "link", "text"), std::move(reading));
    EXPECT_EQ(got, "text");
  });
}

TEST(FifoKind, TheWriterMayComeFirst) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    const std::string fifo = "fifo:" + dir / "f";
    auto reading = late(read_all_of(fifo));
    auto [written, got] = co_await all(write_all_of(fifo, "text"), std::move(reading));
    EXPECT_EQ(got, "text");
  });
}

TEST(FifoKind, IsMadeWithItsModeAndRemovedByTheReaderThatMadeIt) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    ConnectionPtr reader = co_await open_text("fifo:" + dir / "f" + ",mode=0622", Access::read);
    EXPECT_TRUE(files::is_fifo(dir / "f"));
    EXPECT_EQ(files::status(dir / "f").permissions(), files::perms(0622));
    ConnectionPtr other = co_await open_text("fifo:" + dir / "f", Access::read);
    other.reset();
    EXPECT_TRUE(files::exists(dir / "f"));
    reader.reset();
    EXPECT_FALSE(files::exists(dir / "f"));
  });
}

TEST(FifoKind, ANewWriterAfterTheOldOneHasLeftWorksWithKeepOpen) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    const std::string fifo = "fifo:" + dir / "f";
    const ConnectionPtr reader = co_await open_text(fifo + ",keep-open", Access::read);
    for (const char* text : {"first", "other"}) {
      co_await write_all_of(fifo, text);
      EXPECT_EQ(co_await read_text(*reader->stream, 5), text);
    }
    auto reading = with_deadline(20ms, read_text(*reader->stream, 1));
    const auto nothing = co_await as_result(std::move(reading));
    EXPECT_EQ(code_of(nothing), Errc::deadline_passed);
  });
}

TEST(FifoKind, WithoutKeepOpenTheLastWritersEndIsTheEnd) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    const std::string fifo = "fifo:" + dir / "f";
    const ConnectionPtr reader = co_await open_text(fifo, Access::read);
    ConnectionPtr a = co_await open_text(fifo, Access::write);
    ConnectionPtr b = co_await open_text(fifo, Access::write);
    co_await write_text(*a->stream, "a");
    a.reset();
    co_await write_text(*b->stream, "b");
    EXPECT_EQ(co_await read_text(*reader->stream, 2), "ab");
    b.reset();
    EXPECT_EQ(co_await read_all_text(*reader->stream), "");
  });
}

TEST(FifoKind, AWriterThatKeepsItOpenEndsOnlyWhenAllOfItWasRead) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    const std::string fifo = "fifo:" + dir / "f";
    const ConnectionPtr writer = co_await open_text(fifo + ",keep-open", Access::write);
    co_await write_text(*writer->stream, "text");
    auto too_early = with_deadline(20ms, as_task(writer->stream->shutdown()));
    EXPECT_EQ(code_of(co_await as_result(std::move(too_early))), Errc::deadline_passed);

    ConnectionPtr reader = co_await open_text(fifo, Access::read);
    EXPECT_EQ(co_await read_text(*reader->stream, 2), "te");
    reader.reset();
    const ConnectionPtr other = co_await open_text(fifo, Access::read);
    EXPECT_EQ(co_await read_text(*other->stream, 2), "xt");
    co_await writer->stream->shutdown();
    EXPECT_EQ(co_await read_all_text(*other->stream), "");
  });
}

TEST(FifoKind, AReaderThatLeavesIsABrokenPipe) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    const std::string fifo = "fifo:" + dir / "f";
    ConnectionPtr reader = co_await open_text(fifo, Access::read);
    const ConnectionPtr writer = co_await open_text(fifo, Access::write);
    co_await write_text(*writer->stream, "unread");
    reader.reset();
    const auto ended = co_await as_result(writer->stream->shutdown());
    EXPECT_EQ(code_of(ended), std::errc::broken_pipe);
    const auto written = co_await as_result(write_text(*writer->stream, "more"));
    EXPECT_EQ(code_of(written), std::errc::broken_pipe);
  });
}

TEST(FifoKind, IsUsedByAFileAddressToo) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    co_await os::make_fifo(dir / "f", 0600);
    auto reading = late(read_all_of(dir / "f"));
    auto [written, got] = co_await all(write_all_of(dir / "f", "text"), std::move(reading));
    EXPECT_EQ(got, "text");
    EXPECT_TRUE(files::exists(dir / "f"));
  });
}

TEST(FifoKind, AnOrdinaryFileIsNotTouched) {
  const TempDir dir;
  std::ofstream(dir / "f") << "precious";
  run_test([&]() -> Task<void> {
    for (const Access access : {Access::read, Access::write}) {
      const auto opened = co_await as_result(open_text("fifo:" + dir / "f", access));
      EXPECT_EQ(code_of(opened), std::errc::invalid_argument);
    }
    EXPECT_EQ(files::file_size(dir / "f"), 8U);
  });
}

}  // namespace
}  // namespace fid::endpoint
