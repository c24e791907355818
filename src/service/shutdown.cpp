// SPDX-License-Identifier: MIT
#include "service/shutdown.hpp"

#include <fid/reactor/with_deadline.hpp>
#include <fid/sys/process.hpp>

#include <chrono>
#include <utility>

namespace fid::service {
namespace {

constexpr std::chrono::seconds default_drain{10};

}  // namespace

Result<Shutdown> Shutdown::create(const DrainSettings& settings, std::function<void()> on_stats) {
  SignalSet heard = Signal::terminate | Signal::user1;
  for (const Signal may_be_ignored : {Signal::interrupt, Signal::hang_up}) {
    if (!is_ignored(may_be_ignored)) heard |= may_be_ignored;
  }
  if (is_init_process()) heard |= Signal::child_exit;
  auto signals = Signals::create(heard);
  if (!signals) return fail(signals.error());
  return Shutdown(std::move(*signals), settings, std::move(on_stats));
}

Task<Signal> Shutdown::next_stop() {
  for (;;) {
    const Signal signal = co_await signals_.next();
    if (signal == Signal::user1) {
      on_stats_();
    } else if (signal == Signal::child_exit) {
      reap_orphans();
    } else {
      co_return signal;
    }
  }
}

Task<Signal> Shutdown::stop_requested() {
  return next_stop();
}

Task<Cut> Shutdown::cut_requested(Signal first) {
  const bool at_once = first == Signal::interrupt && settings_.one_shot;
  const Duration time = settings_.drain.value_or(at_once ? Duration::zero() : default_drain);
  auto waiting = with_deadline(time, next_stop());
  const auto second = co_await as_result(std::move(waiting));
  if (second) co_return Cut{*second, CloseReason::signal};
  if (second.error().code != make_error_code(Errc::deadline_passed)) {
    co_return fail(second.error());
  }
  co_return Cut{first, CloseReason::drain};
}

}  // namespace fid::service
