// SPDX-License-Identifier: MIT
#include "service/one_shot.hpp"

#include <fid/task/race.hpp>
#include <fid/task/task_group.hpp>

#include <optional>
#include <utility>

namespace fid::service {
namespace {

/// Gives the reason for which the work must be cut.
Task<Cut> wait_for_cut(Shutdown& shutdown, const Surroundings& around) {
  const Signal first = co_await shutdown.stop_requested();
  const Totals totals = around.live.totals();
  around.events.drain(signal_number(first), totals.open);
  // Before anything is joined there is nothing to finish.
  if (totals.accepted == 0) co_return Cut{first, CloseReason::signal};
  co_return co_await shutdown.cut_requested(first);
}

/// Leaves the result in a place that outlives the race for it.
Task<void> into(std::optional<Result<Complaint>>& place, Task<Complaint> work) {
  auto result = co_await as_result(std::move(work));
  place.emplace(std::move(result));
}

}  // namespace

Task<Complaint> run_once(Task<Complaint> work, Shutdown& shutdown, const Surroundings& around) {
  std::optional<Result<Complaint>> done;
  TaskGroup working;
  working.add(into(done, std::move(work)));
  auto either = race(working.join(), wait_for_cut(shutdown, around));
  const auto first = co_await std::move(either);
  if (first.index() == 1) {
    const Cut cut = std::get<1>(first);
    const bool is_joined = around.live.totals().accepted > 0;
    around.live.cut_all(cut.reason);
    // What was cut ends by itself, and soon; what is still being opened is given up.
    if (is_joined) static_cast<void>(co_await as_result(working.join()));
    co_return ended_early(cut.signal);
  }
  co_return std::move(*done);
}

Complaint ended_early(Signal signal) {
  Complaint complaint;
  complaint.status = ended_by_signal(signal_number(signal));
  complaint.where = signal_name(signal_number(signal));
  complaint.text = "ended before the work was complete";
  return complaint;
}

}  // namespace fid::service
