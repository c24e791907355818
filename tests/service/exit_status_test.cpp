// SPDX-License-Identifier: MIT
#include "service/exit_status.hpp"

#include <gtest/gtest.h>

#include <cerrno>

namespace fid::service {
namespace {

Error errno_of(int number) {
  return system_error(number, "call");
}
Error library_error(Errc code) {
  return Error{make_error_code(code), "call"};
}
Error resolver_error() {
  return Error{std::error_code(-2, resolver_category()), "getaddrinfo"};
}

struct Row {
  Stage stage;
  Error error;
  int status;
};

class StatusTable : public testing::TestWithParam<Row> {};

TEST_P(StatusTable, GivesEachCauseItsStatus) {
  const Row& row = GetParam();
  EXPECT_EQ(to_int(status_of(row.stage, row.error)), row.status)
      << name_of(row.stage) << ": " << describe(row.error);
}

INSTANTIATE_TEST_SUITE_P(
    UsersManual, StatusTable,
    testing::Values(
        Row{Stage::transfer, errno_of(ECONNRESET), 1}, Row{Stage::transfer, errno_of(EPIPE), 1},
        Row{Stage::transfer, errno_of(ENOSPC), 1},
        Row{Stage::transfer, library_error(Errc::unexpected_eof), 1},
        Row{Stage::usage, errno_of(EINVAL), 2}, Row{Stage::connect, errno_of(ECONNREFUSED), 3},
        Row{Stage::connect, errno_of(EHOSTUNREACH), 3}, Row{Stage::connect, errno_of(ENOENT), 3},
        Row{Stage::resolve, resolver_error(), 4}, Row{Stage::connect, resolver_error(), 4},
        Row{Stage::listen, resolver_error(), 4},
        Row{Stage::connect, library_error(Errc::no_address), 4},
        Row{Stage::listen, errno_of(EADDRINUSE), 5}, Row{Stage::listen, errno_of(EACCES), 5},
        Row{Stage::open, errno_of(ENOENT), 5}, Row{Stage::accept, errno_of(EINVAL), 5},
        Row{Stage::policy, errno_of(EPERM), 6}, Row{Stage::answer, errno_of(EPROTO), 7},
        Row{Stage::deadline, library_error(Errc::deadline_passed), 124},
        Row{Stage::connect, library_error(Errc::deadline_passed), 124},
        Row{Stage::accept, library_error(Errc::deadline_passed), 124},
        Row{Stage::resolve, library_error(Errc::deadline_passed), 124},
        Row{Stage::transfer, library_error(Errc::reactor_stopped), 125},
        Row{Stage::exec, errno_of(EACCES), 126}, Row{Stage::exec, errno_of(ENOEXEC), 126},
        Row{Stage::exec, errno_of(ENOENT), 127}));

TEST(ExitStatus, TheKernelsTimeoutIsAPeerThatCannotBeReached) {
  EXPECT_EQ(status_of(Stage::connect, errno_of(ETIMEDOUT)), ExitStatus::not_connected);
  EXPECT_EQ(status_of(Stage::transfer, errno_of(ETIMEDOUT)), ExitStatus::failed);
}

TEST(ExitStatus, SignalsAreAddedTo128) {
  EXPECT_EQ(to_int(ended_by_signal(15)), 143);
  EXPECT_EQ(to_int(ended_by_signal(2)), 130);
}

TEST(ExitStatus, ACommandsStatusIsPassedOn) {
  EXPECT_EQ(command_status(0), ExitStatus::complete);
  EXPECT_EQ(to_int(command_status(42)), 42);
}

}  // namespace
}  // namespace fid::service
