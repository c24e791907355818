// SPDX-License-Identifier: MIT
#include "service/announce.hpp"

#include <fid/base/os.hpp>
#include <fid/reactor/thread_signals.hpp>

#include <gtest/gtest.h>

#include <fcntl.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

namespace fid::service {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> urls{"tcp://127.0.0.1:40001", "unix:/run/x.sock"};
constexpr const char* lines = "tcp://127.0.0.1:40001\nunix:/run/x.sock\n";

TEST(ReadyDescriptor, GetsAllAddressesInOneWriteAndThenTheEnd) {
  auto pipe = os::pipe();
  ASSERT_TRUE(pipe);
  auto ready = ReadyDescriptor::adopt(pipe->second.release());
  ASSERT_TRUE(ready);
  ASSERT_TRUE(ready->announce(urls));
  std::vector<std::byte> buffer(256);
  const auto count = os::read(pipe->first.get(), buffer);
  ASSERT_TRUE(count);
  EXPECT_EQ(as_text(Bytes(buffer).first(*count)), lines);
  EXPECT_EQ(os::read(pipe->first.get(), buffer), 0u);
}

TEST(ReadyDescriptor, IsNotInheritedByCommands) {
  auto pipe = os::pipe();
  ASSERT_TRUE(pipe);
  const Native number = pipe->second.release();
  ASSERT_TRUE(os::set_close_on_exec(number, false));
  const auto ready = ReadyDescriptor::adopt(number);
  EXPECT_EQ(::fcntl(number, F_GETFD), FD_CLOEXEC);
}

TEST(ReadyDescriptor, EndsWithoutALineIfThereIsNothingToAnnounce) {
  auto pipe = os::pipe();
  ASSERT_TRUE(pipe);
  { const auto ready = ReadyDescriptor::adopt(pipe->second.release()); }
  std::vector<std::byte> buffer(256);
  EXPECT_EQ(os::read(pipe->first.get(), buffer), 0u);
}

TEST(ReadyDescriptor, LeavesTheStandardOnesOpen) {
  { const auto ready = ReadyDescriptor::adopt(2); }
  EXPECT_TRUE(os::access_of(2));
}

TEST(ReadyDescriptor, HasToBeOpenForWriting) {
  auto pipe = os::pipe();
  ASSERT_TRUE(pipe);
  EXPECT_EQ(ReadyDescriptor::adopt(pipe->first.get()).error().code, std::errc::bad_file_descriptor);
  EXPECT_EQ(ReadyDescriptor::adopt(999'999).error().code, std::errc::bad_file_descriptor);
}

TEST(ReadyDescriptor, AVanishedReaderIsAnErrorAndNoSignal) {
  const PipeSignalGuard no_pipe_signal;
  auto pipe = os::pipe();
  ASSERT_TRUE(pipe);
  auto ready = ReadyDescriptor::adopt(pipe->second.release());
  ASSERT_TRUE(ready);
  pipe->first = Handle();
  EXPECT_EQ(ready->announce(urls).error().code, std::errc::broken_pipe);
}

class PortFileTest : public testing::Test {
 protected:
  PortFileTest()
      : folder_(fs::temp_directory_path() / ("fid-port-" + std::to_string(os::process_id()))) {
    fs::create_directory(folder_);
  }
  ~PortFileTest() override { fs::remove_all(folder_); }

  std::string path() const { return (folder_ / "port").string(); }
  std::string content() const {
    std::stringstream text;
    text << std::ifstream(path()).rdbuf();
    return text.str();
  }
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

 private:
  fs::path folder_;
};

TEST_F(PortFileTest, HoldsTheLinesAndIsRemovedInTheEnd) {
  {
    const auto file = PortFile::write(path(), urls);
    ASSERT_TRUE(file);
    EXPECT_EQ(content(), lines);
    EXPECT_EQ(files(), 1u);
  }
  EXPECT_EQ(files(), 0u);
}

TEST_F(PortFileTest, ReplacesAnOlderOneAndAForgottenTemporary) {
  std::ofstream(path()) << "old";
  std::ofstream(path() + "." + std::to_string(os::process_id())) << "forgotten";
  const auto file = PortFile::write(path(), urls);
  ASSERT_TRUE(file);
  EXPECT_EQ(content(), lines);
  EXPECT_EQ(files(), 1u);
}

TEST_F(PortFileTest, LeavesAFileThatIsNotItsOwnAnyMore) {
  {
    const auto file = PortFile::write(path(), urls);
    ASSERT_TRUE(file);
    std::ofstream(path() + ".new") << "another's";
    fs::rename(path() + ".new", path());
  }
  EXPECT_EQ(content(), "another's");
}

TEST_F(PortFileTest, MovesWithItsOwner) {
  auto file = PortFile::write(path(), urls);
  ASSERT_TRUE(file);
  {
    PortFile moved(std::move(*file));
    EXPECT_EQ(files(), 1u);
  }
  EXPECT_EQ(files(), 0u);
}

TEST_F(PortFileTest, LeavesNothingWhereItCannotBe) {
  fs::create_directory(path());
  EXPECT_FALSE(PortFile::write(path(), urls));
  EXPECT_EQ(files(), 1u);
  EXPECT_EQ(PortFile::write(path() + "/no/such", urls).error().code,
            std::errc::no_such_file_or_directory);
}

}  // namespace
}  // namespace fid::service
