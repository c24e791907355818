// SPDX-License-Identifier: MIT
#include "service/children.hpp"

#include <fid/reactor/with_deadline.hpp>
#include <fid/task/race.hpp>
#include <fid/task/task_group.hpp>

#include <array>
#include <chrono>
#include <utility>

namespace fid::service {
namespace {

/// Enough to write a file or tell a peer; not so much that a cut seems to hang.
constexpr std::chrono::seconds grace{2};

Task<void> wait_for(Process& command) {
  static_cast<void>(co_await as_result(command.wait()));
}

Result<void> send(Process& command, Signal signal) {
  auto sent = command.signal_group(signal);
  const bool has_no_group = !sent && sent.error().code == std::errc::invalid_argument;
  return has_no_group ? command.signal(signal) : sent;
}

Task<void> end_one(Process& command) {
  constexpr std::array signals{Signal::terminate, Signal::kill};
  for (const Signal signal : signals) {
    // It has exited, unless the system forbids us to end it.
    if (!send(command, signal)) co_return;
    auto ending = with_deadline(grace, wait_for(command));
    if (co_await as_result(std::move(ending))) co_return;
  }
}

std::optional<CommandExit> failure_of(std::optional<Process>& command, Side side) {
  if (!command) return std::nullopt;
  const std::optional<ExitCode> code = command->try_wait().value_or(std::nullopt);
  if (!code || code->success()) return std::nullopt;
  return CommandExit{side, *code};
}

}  // namespace

Children::Children(std::optional<Process> a, std::optional<Process> b)
    : a_(std::move(a)), b_(std::move(b)) {}

Task<std::optional<CloseReason>> Children::exited(LiveRelays& live,
                                                  std::optional<TimePoint> deadline) {
  TaskGroup running;
  if (a_) running.add(wait_for(*a_));
  if (b_) running.add(wait_for(*b_));
  if (running.empty()) co_return std::nullopt;
  std::optional<Duration> time;
  if (deadline) time = *deadline - Clock::now();
  auto either = race(running.join(), live.cut_requested());
  auto in_time = with_deadline(time, std::move(either));
  const auto first = co_await as_result(std::move(in_time));
  if (!first) {
    if (first.error().code != make_error_code(Errc::deadline_passed)) co_return fail(first.error());
    co_return CloseReason::timeout_total;
  }
  if (first->index() == 1) co_return std::get<1>(*first);
  co_return std::nullopt;
}

Task<void> Children::end() {
  TaskGroup ending;
  if (a_) ending.add(end_one(*a_));
  if (b_) ending.add(end_one(*b_));
  co_await ending.join();
}

std::optional<CommandExit> Children::failure() {
  const auto first = failure_of(a_, Side::a);
  return first ? first : failure_of(b_, Side::b);
}

}  // namespace fid::service
