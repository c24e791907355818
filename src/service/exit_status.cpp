// SPDX-License-Identifier: MIT
#include "service/exit_status.hpp"

#include <array>

namespace fid::service {
namespace {

struct Row {
  Stage stage;
  std::string_view name;
  ExitStatus status;
};

constexpr std::array<Row, 11> table{{
    {Stage::usage, "usage", ExitStatus::usage},
    {Stage::resolve, "resolve", ExitStatus::not_resolved},
    {Stage::connect, "connect", ExitStatus::not_connected},
    {Stage::listen, "listen", ExitStatus::not_opened},
    {Stage::open, "open", ExitStatus::not_opened},
    {Stage::accept, "accept", ExitStatus::not_opened},
    {Stage::transfer, "transfer", ExitStatus::failed},
    {Stage::exec, "exec", ExitStatus::not_executable},
    {Stage::policy, "policy", ExitStatus::policy},
    {Stage::answer, "answer", ExitStatus::wrong_answer},
    {Stage::deadline, "deadline", ExitStatus::deadline},
}};

constexpr bool rows_follow_the_enumeration() {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (table[i].stage != static_cast<Stage>(i)) return false;
  }
  return true;
}
static_assert(rows_follow_the_enumeration());

const Row& row_of(Stage stage) {
  return table[static_cast<std::size_t>(stage)];
}

}  // namespace

ExitStatus status_of(Stage stage, const Error& error) {
  // ETIMEDOUT from the kernel is a peer that cannot be reached: only our own deadlines count here.
  if (error.code == Errc::deadline_passed) return ExitStatus::deadline;
  if (error.code == Errc::reactor_stopped) return ExitStatus::internal;
  if (error.code == Errc::no_address) return ExitStatus::not_resolved;
  if (error.code.category() == resolver_category()) return ExitStatus::not_resolved;
  if (stage == Stage::exec && error.code == std::errc::no_such_file_or_directory) {
    return ExitStatus::no_command;
  }
  return row_of(stage).status;
}

ExitStatus ended_by_signal(int signal) {
  return static_cast<ExitStatus>(128 + signal);
}

ExitStatus command_status(int code) {
  return static_cast<ExitStatus>(code);
}

std::string_view name_of(Stage stage) {
  return row_of(stage).name;
}

}  // namespace fid::service
