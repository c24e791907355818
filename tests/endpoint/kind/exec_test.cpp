// SPDX-License-Identifier: MIT
#include "endpoint/open_text.hpp"
#include "support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace fid::endpoint {
namespace {

using namespace test;
using fid::test::TempDir;

/// What the command writes, after it was told the end of its input.
Task<std::string> output_of(std::string text) {
  ConnectionPtr command = co_await open_text(std::move(text));
  co_await command->stream->shutdown();
  co_return co_await read_all_text(*command->stream);
}

TEST(ExecKind, AnswersAfterItsInputHasEndedAndTellsItsStatus) {
  run_test([]() -> Task<void> {
    ConnectionPtr command = co_await open_text("exec:sh -c 'cat; echo done; exit 3'");
    co_await write_text(*command->stream, "question ");
    co_await command->stream->shutdown();
    EXPECT_EQ(co_await read_all_text(*command->stream), "question done\n");
    EXPECT_EQ(co_await command->child.value().wait(), ExitCode::exited(3));
  });
}

TEST(ExecKind, KeepsQuotedWordsWhole) {
  run_test([]() -> Task<void> {
    EXPECT_EQ(co_await output_of("exec:printf '<%s>' 'a b' c"), "<a b><c>");
  });
}

TEST(ExecKind, SetsVariables) {
  run_test([]() -> Task<void> {
    const std::string command = "exec:sh -c 'echo $FID_TEST_A-$FID_TEST_B'";
    EXPECT_EQ(co_await output_of(command + ",env=FID_TEST_A=1,env=FID_TEST_B=x=y"), "1-x=y\n");
  });
}

TEST(ExecKind, RunsInItsDirectory) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    const std::string real = std::filesystem::canonical(dir.path());
    EXPECT_EQ(co_await output_of("exec:pwd,dir=" + dir.path()), real + "\n");
    const auto nowhere = co_await as_result(open_text("exec:pwd,dir=" + dir / "none"));
    EXPECT_EQ(code_of(nowhere), std::errc::no_such_file_or_directory);
    if (!nowhere) {
      EXPECT_EQ(nowhere.error().operation, "chdir");
    }
  });
}

TEST(ExecKind, JoinsOrDropsItsErrors) {
  run_test([]() -> Task<void> {
    const std::string command = "exec:sh -c 'echo out; echo err >&2'";
    EXPECT_EQ(co_await output_of(command + ",stderr=join"), "out\nerr\n");
    EXPECT_EQ(co_await output_of(command + ",stderr=null"), "out\n");
  });
}

TEST(ExecKind, SaysWhetherTheCommandIsMissingOrCannotBeRun) {
  const TempDir dir;
  std::ofstream(dir / "data") << "no program";
  run_test([&]() -> Task<void> {
    const auto missing = co_await as_result(open_text("exec:fid-no-such-program"));
    EXPECT_EQ(code_of(missing), std::errc::no_such_file_or_directory);
    const auto data = co_await as_result(open_text("exec:" + dir / "data"));
    EXPECT_EQ(code_of(data), std::errc::permission_denied);
  });
}

TEST(ExecKind, AnInputThatIsNotUsedIsEmpty) {
  run_test([]() -> Task<void> {
    ConnectionPtr reading = co_await open_text("exec:sh -c 'cat; echo read'", Access::read);
    EXPECT_EQ(co_await read_all_text(*reading->stream), "read\n");
    EXPECT_EQ(co_await reading->child.value().wait(), ExitCode::exited(0));

    ConnectionPtr writing = co_await open_text("exec:sh -c 'test $(cat) = text'", Access::write);
    EXPECT_EQ(co_await read_all_text(*writing->stream), "");
    co_await write_text(*writing->stream, "text");
    co_await writing->stream->shutdown();
    EXPECT_EQ(co_await writing->child.value().wait(), ExitCode::exited(0));
  });
}

}  // namespace
}  // namespace fid::endpoint
