// SPDX-License-Identifier: MIT
#include "endpoint/open_text.hpp"
#include "support/temp_dir.hpp"

#include <fid/base/os_path.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace fid::endpoint {
namespace {

using namespace test;
using fid::test::TempDir;

namespace files = std::filesystem;

std::string content_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

Task<void> write_file(std::string address, std::string text) {
  const ConnectionPtr file = co_await open_text(std::move(address), Access::write);
  co_await write_text(*file->stream, text);
  co_await file->stream->shutdown();
}

Task<std::string> read_file(std::string address) {
  const ConnectionPtr file = co_await open_text(std::move(address), Access::read);
  co_return co_await read_all_text(*file->stream);
}

TEST(FileKind, IsReadToItsEnd) {
  const TempDir dir;
  std::ofstream(dir / "f") << "some text";
  run_test([&]() -> Task<void> {
    EXPECT_EQ(co_await read_file("file:" + dir / "f"), "some text");
    EXPECT_EQ(co_await read_file(dir / "f"), "some text");
    EXPECT_EQ(co_await read_file("file:" + dir / "f" + ",seek=5"), "text");
  });
}

TEST(FileKind, IsMadeWithItsModeAndWritten) {
  const TempDir dir;
  const os::ExactMode no_umask(0777);
  run_test([&]() -> Task<void> {
    co_await write_file("file:" + dir / "f" + ",mode=0640", "text");
    EXPECT_EQ(content_of(dir / "f"), "text");
    EXPECT_EQ(files::status(dir / "f").permissions(), files::perms(0640));
  });
}

TEST(FileKind, IsWrittenFromTheStartUnlessToldOtherwise) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    const std::string file = "file:" + dir / "f";
    co_await write_file(file, "0123456789");
    co_await write_file(file, "ab");
    EXPECT_EQ(content_of(dir / "f"), "ab23456789");
    co_await write_file(file + ",seek=4", "cd");
    EXPECT_EQ(content_of(dir / "f"), "ab23cd6789");
    co_await write_file(file + ",append", "ef");
    EXPECT_EQ(content_of(dir / "f"), "ab23cd6789ef");
    co_await write_file(file + ",truncate", "new");
    EXPECT_EQ(content_of(dir / "f"), "new");
  });
}

TEST(FileKind, IsNeverMadeOrChangedByReading) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    const auto missing = co_await as_result(read_file("file:" + dir / "none"));
    EXPECT_EQ(code_of(missing), std::errc::no_such_file_or_directory);
    EXPECT_FALSE(files::exists(dir / "none"));
    std::ofstream(dir / "f") << "kept";
    EXPECT_EQ(co_await read_file("file:" + dir / "f" + ",truncate"), "kept");
    EXPECT_EQ(content_of(dir / "f"), "kept");
  });
}

TEST(FileKind, IsNotMadeIfThatIsNotWanted) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    const auto missing = co_await as_result(write_file("file:" + dir / "f" + ",create=no", "x"));
    EXPECT_EQ(code_of(missing), std::errc::no_such_file_or_directory);
    EXPECT_FALSE(files::exists(dir / "f"));
  });
}

TEST(FileKind, SaysWhatCannotBeOpened) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    const auto folder = co_await as_result(write_file("file:" + dir.path(), "x"));
    EXPECT_EQ(code_of(folder), std::errc::is_a_directory);
    const ListenerPtr socket = co_await listen_text("unix:" + dir / "s");
    const auto opened = co_await as_result(read_file("file:" + dir / "s"));
    EXPECT_EQ(code_of(opened), std::errc::no_such_device_or_address);
    if (!opened) {
      EXPECT_EQ(opened.error().operation, "open, a socket: use unix:PATH");
    }
  });
}

}  // namespace
}  // namespace fid::endpoint
