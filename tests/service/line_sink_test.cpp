// SPDX-License-Identifier: MIT
#include "service/line_sink.hpp"

#include <fid/base/error.hpp>
#include <fid/base/os.hpp>
#include <fid/reactor/thread_signals.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

namespace fid::service {
namespace {

/// Opens `handle` as if it had been inherited.
LineSink sink_on(const Handle& handle) {
  auto sink = LineSink::open(std::to_string(handle.get()));
  EXPECT_TRUE(sink) << describe(sink.error());
  return std::move(*sink);
}

/// What can be read now.
std::string read_all(const Handle& reader) {
  std::vector<std::byte> buffer(1 << 16);
  std::string text;
  for (;;) {
    const auto count = os::read(reader.get(), buffer);
    if (!count || *count == 0) return text;
    text += as_text(Bytes(buffer).first(*count));
  }
}

class LineSinkTest : public testing::TestWithParam<bool> {
 protected:
  LineSinkTest() {
    auto pipe = os::pipe();
    reader_ = std::move(pipe->first);
    writer_ = std::move(pipe->second);
    // Inherited pipes mostly block, and stay so.
    EXPECT_TRUE(os::set_nonblocking(writer_.get(), GetParam()));
  }

  PipeSignalGuard no_pipe_signal_;
  Handle reader_;
  Handle writer_;
};

INSTANTIATE_TEST_SUITE_P(Mode, LineSinkTest, testing::Bool(),
                         [](const auto& mode) { return mode.param ? "NonBlocking" : "Blocking"; });

TEST_P(LineSinkTest, WritesEachLineAtOnceAndLeavesTheModeAlone) {
  LineSink sink = sink_on(writer_);
  sink.write("one\n");
  EXPECT_EQ(read_all(reader_), "one\n");
  sink.write("two\n");
  EXPECT_EQ(read_all(reader_), "two\n");
  EXPECT_EQ(os::is_nonblocking(writer_.get()), GetParam());
}

TEST_P(LineSinkTest, ASlowReaderGetsEveryLineInOrderAndNobodyWaits) {
  LineSink sink = sink_on(writer_);
  std::string all;
  for (int i = 0; i < 5'000; ++i) {
    const std::string line = "line " + std::to_string(i) + std::string(60, '.') + "\n";
    all += line;
    sink.write(line);
  }
  std::string read;
  while (read.size() < all.size()) {
    const std::string more = read_all(reader_);
    ASSERT_FALSE(more.empty());
    read += more;
    sink.flush(Duration::zero());
  }
  EXPECT_EQ(read, all);
  EXPECT_EQ(sink.take_dropped(), 0u);
}

TEST_P(LineSinkTest, WhatAStoppedReaderDoesNotTakeIsDroppedWholeAndCounted) {
  LineSink sink = sink_on(writer_);
  const std::string line = std::string(1023, 'x') + "\n";
  const std::size_t many = 2 * LineSink::room / line.size();
  for (std::size_t i = 0; i < many; ++i) sink.write(line);
  const std::uint64_t dropped = sink.take_dropped();
  EXPECT_GT(dropped, 0u);
  EXPECT_EQ(sink.take_dropped(), 0u);
  std::size_t read = 0;
  for (std::string more = read_all(reader_); !more.empty(); more = read_all(reader_)) {
    read += more.size();
    sink.flush(Duration::zero());
  }
  EXPECT_EQ(read, (many - dropped) * line.size());
}

TEST_P(LineSinkTest, AVanishedReaderClosesIt) {
  LineSink sink = sink_on(writer_);
  reader_ = Handle();
  sink.write("lost\n");
  EXPECT_FALSE(sink.is_open());
  sink.write("lost\n");
}

TEST_P(LineSinkTest, ADescriptorThatCannotBeWrittenIsRefused) {
  EXPECT_EQ(LineSink::open(std::to_string(reader_.get())).error().code,
            std::errc::bad_file_descriptor);
  EXPECT_EQ(LineSink::open("999999").error().code, std::errc::bad_file_descriptor);
}

TEST(LineSink, ASocketWhoseReaderVanishedRaisesNothing) {
  auto pair = os::socket_pair(os::SocketType::stream);
  ASSERT_TRUE(pair);
  LineSink sink = sink_on(pair->first);
  sink.write("one\n");
  EXPECT_EQ(read_all(pair->second), "one\n");
  pair->second = Handle();
  sink.write("two\n");
  EXPECT_FALSE(sink.is_open());
}

TEST(LineSink, AppendsToAFile) {
  const auto path = std::filesystem::temp_directory_path() /
                    ("fid-line-sink-" + std::to_string(os::process_id()));
  std::ofstream(path) << "before\n";
  {
    auto sink = LineSink::open(path.string());
    ASSERT_TRUE(sink);
    sink->write("after\n");
  }
  std::stringstream content;
  content << std::ifstream(path).rdbuf();
  EXPECT_EQ(content.str(), "before\nafter\n");
  std::filesystem::remove(path);
}

TEST(LineSink, AClosedOneTakesLinesAndDoesNothing) {
  LineSink sink;
  sink.write("lost\n");
  EXPECT_FALSE(sink.is_open());
  EXPECT_EQ(sink.take_dropped(), 0u);
}

}  // namespace
}  // namespace fid::service
