// SPDX-License-Identifier: MIT
#include "support/run_test.hpp"
#include "support/stream_text.hpp"

#include <fid/sys/child_stream.hpp>
#include <fid/task/race.hpp>

#include <gtest/gtest.h>

namespace fid {
namespace {

using test::long_text;
using test::read_all_text;
using test::run_test;
using test::write_text;

class ChildStreams : public testing::TestWithParam<ChildIo> {};

TEST_P(ChildStreams, AnswerAfterTheirInputHasEnded) {
  run_test([]() -> Task<void> {
    ProcessOptions options({"sh", "-c", "cat >/dev/null; echo done"});
    ChildStream child = co_await start_with_stream(std::move(options), ChildJoin{GetParam()});
    co_await write_text(*child.stream, "question");
    co_await child.stream->shutdown();
    EXPECT_EQ(co_await read_all_text(*child.stream), "done\n");
    EXPECT_EQ(co_await child.process.wait(), ExitCode::exited(0));
  });
}

TEST_P(ChildStreams, CarryBulkBothWaysAtOnce) {
  run_test([]() -> Task<void> {
    ProcessOptions options({"cat"});
    ChildStream child = co_await start_with_stream(std::move(options), ChildJoin{GetParam()});
    const std::string text = long_text();
    auto write = [&]() -> Task<void> {
      co_await write_text(*child.stream, text);
      co_await child.stream->shutdown();
    };
    auto [got, written] = co_await all(read_all_text(*child.stream), write());
    EXPECT_EQ(got, text);
  });
}

TEST_P(ChildStreams, EndWithTheChild) {
  run_test([]() -> Task<void> {
    ProcessOptions options({"sh", "-c", "exit 3"});
    ChildStream child = co_await start_with_stream(std::move(options), ChildJoin{GetParam()});
    EXPECT_EQ(co_await read_all_text(*child.stream), "");
    const auto written = co_await as_result(write_text(*child.stream, long_text()));
    EXPECT_EQ(written.error().code, std::errc::broken_pipe);
    EXPECT_EQ(co_await child.process.wait(), ExitCode::exited(3));
  });
}

INSTANTIATE_TEST_SUITE_P(Over, ChildStreams, testing::Values(ChildIo::pipes, ChildIo::socket),
                         [](const auto& of) {
                           return of.param == ChildIo::pipes ? "Pipes" : "Socket";
                         });

TEST(ChildStream, AProgramMayOpenItsPipesAgain) {
  run_test([]() -> Task<void> {
    ProcessOptions options({"sh", "-c", "cat /dev/stdin >/dev/stdout"});
    ChildStream child = co_await start_with_stream(std::move(options));
    co_await write_text(*child.stream, "text");
    co_await child.stream->shutdown();
    EXPECT_EQ(co_await read_all_text(*child.stream), "text");
  });
}

TEST(ChildStream, FailsAsStartingDoes) {
  run_test([]() -> Task<void> {
    ProcessOptions options({"fid-no-such-program"});
    const auto child = start_with_stream(std::move(options));
    EXPECT_EQ(child.error().code, std::errc::no_such_file_or_directory);
    co_return;
  });
}

}  // namespace
}  // namespace fid
