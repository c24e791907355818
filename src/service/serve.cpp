// SPDX-License-Identifier: MIT
#include "service/serve.hpp"

#include <fid/reactor/with_deadline.hpp>

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>
#include <variant>

namespace fid::service {
namespace {

using endpoint::Address;
using endpoint::ConnectionPtr;
using endpoint::Listener;
using endpoint::ListenerPtr;

/// Errors of accept(2) that concern the connection that was lost, not the listener.
bool concerns_one_connection(const Error& error) {
  for (const std::errc code :
       {std::errc::connection_aborted, std::errc::protocol_error, std::errc::network_down,
        std::errc::no_protocol_option, std::errc::host_unreachable, std::errc::network_unreachable,
        std::errc::operation_not_supported, std::errc::operation_not_permitted}) {
    if (error.code == code) return true;
  }
  return false;
}

}  // namespace

Task<ConnectionPtr> accept_within(std::optional<Duration> time, Listener& listener,
                                  const Address& address, const Surroundings& around) {
  for (;;) {
    auto accepting = with_deadline(time, listener.accept());
    auto accepted = co_await as_result(std::move(accepting));
    if (accepted) co_return std::move(accepted);
    const Error& error = accepted.error();
    if (error.code == make_error_code(Errc::deadline_passed)) {
      co_return fail(Errc::deadline_passed, "accept");
    }
    if (!concerns_one_connection(error)) co_return std::move(accepted);
    around.log.info("{}: {}", address.display(), describe(error));
    around.events.error(error, address.url());
  }
}

Service::Service(const Address& listen, const Address& target, Reach reach,
                 const ServeSettings& settings, const Surroundings& around)
    : handling_{listen, target, std::move(reach)},
      settings_(&settings),
      around_(&around),
      admission_(settings.max_connections),
      handler_(handling_, around, admission_) {}

Service::~Service() = default;

Result<void> Service::start_threads(Listener& listener) {
  if (settings_->threads < 2) return {};
  if (!handling_.target.kind->any_thread || !listener.for_any_thread()) {
    around_->log.info("{}: these connections are served by one thread", handling_.listen.display());
    return {};
  }
  const auto failed = [this](const Error& error) {
    if (!thread_failure_) thread_failure_ = error;
    thread_failed_.set();
  };
  std::vector<Remote<LiveRelays>> others;
  while (threads_.size() + 1 < settings_->threads) {
    auto thread = HandlerThread::start(handling_, *around_, admission_, failed);
    if (!thread) return fail(thread.error());
    others.push_back((*thread)->live());
    threads_.push_back(*std::move(thread));
  }
  around_->live.also_reach(std::move(others));
  return {};
}

void Service::end_threads() {
  if (threads_.empty()) return;
  threads_.clear();
  Reactor::current().mailbox()->run();
  around_->live.also_reach({});
}

Task<Complaint> Service::run(ListenerPtr listener, Shutdown& shutdown) {
  Complaint complaint;
  complaint.where = handling_.listen.display();
  Task<void> accepting = accept_all(*listener);
  if (!threads_.empty()) accepting = while_threads_run(std::move(accepting));
  auto serving = race(shutdown.stop_requested(), std::move(accepting));
  const auto stopped = co_await as_result(std::move(serving));
  if (thread_failure_) co_return fail(*thread_failure_);
  if (!stopped) {
    complaint.error = stopped.error();
    complaint.status =
        status_of(target_failed() ? Stage::transfer : Stage::accept, stopped.error());
    if (target_failed()) complaint.where = handling_.target.display();
    co_return complaint;
  }
  listener.reset();
  if (stopped->index() == 1) co_return complaint;

  const Signal first = std::get<0>(*stopped);
  around_->events.drain(signal_number(first), admission_.served());
  around_->log.info("{}: draining {} connections", signal_name(signal_number(first)),
                    admission_.served());
  auto draining = race(admission_.wait_until_empty(), shutdown.cut_requested(first));
  const auto drained = co_await as_result(std::move(draining));
  if (thread_failure_) co_return fail(*thread_failure_);
  if (!drained || drained->index() == 0) co_return complaint;
  const Cut cut = std::get<1>(*drained);
  around_->live.cut_all(cut.reason);
  // What was cut ends by itself, and soon.
  co_await admission_.wait_until_empty();
  complaint.status = ended_by_signal(signal_number(cut.signal));
  complaint.text = "connections were cut by " + signal_name(signal_number(cut.signal));
  co_return complaint;
}

std::optional<Duration> Service::longest_idle() const {
  const std::optional<Duration>& give_up = settings_->accept_timeout;
  const std::optional<Duration>& leave = settings_->exit_idle_time;
  if (!give_up || !leave) return give_up ? give_up : leave;
  return std::min(*give_up, *leave);
}

/// Of two times that are the same, the one with the friendlier end counts.
bool Service::may_end_idle() const {
  return settings_->exit_idle_time && longest_idle() == settings_->exit_idle_time;
}

/// Only the wait of an idle service is bounded: from the start, and from each time nobody is left.
Task<ConnectionPtr> Service::accept_in_time(Listener& listener) {
  const std::optional<Duration> patience = longest_idle();
  if (!patience || admission_.served() == 0) {
    return accept_within(patience, listener, handling_.listen, *around_);
  }
  return accept_beside_others(*patience, listener);
}

Task<ConnectionPtr> Service::accept_beside_others(Duration patience, Listener& listener) {
  while (admission_.served() > 0) {
    auto either = race(accept_within(std::nullopt, listener, handling_.listen, *around_),
                       admission_.wait_until_empty());
    auto first = co_await std::move(either);
    if (first.index() == 0) co_return std::get<0>(std::move(first));
  }
  co_return co_await accept_within(patience, listener, handling_.listen, *around_);
}

Task<ConnectionPtr> Service::accept(Listener& listener) {
  bool told_of_pause = false;
  for (;;) {
    auto accepting = accept_in_time(listener);
    auto accepted = co_await as_result(std::move(accepting));
    if (accepted) co_return std::move(*accepted);
    const Error& error = accepted.error();
    if (Admission::is_exhaustion(error)) {
      if (!std::exchange(told_of_pause, true)) {
        around_->log.warn("{}: {}; accepting pauses", handling_.listen.display(), describe(error));
        around_->events.error(error, handling_.listen.url());
      }
      co_await admission_.wait_for_descriptors();
    } else {
      co_return std::move(accepted);
    }
  }
}

Task<void> Service::a_thread_fails() {
  co_await thread_failed_.wait();
}

Task<void> Service::while_threads_run(Task<void> accepting) {
  auto either = race(std::move(accepting), a_thread_fails());
  co_await std::move(either);
}

Task<void> Service::accept_all(Listener& listener) {
  for (;;) {
    co_await admission_.wait_for_place();
    if (target_failed()) co_await fail(*handler_.target_failure());
    auto accepting = accept(listener);
    auto accepted = co_await as_result(std::move(accepting));
    if (!accepted && accepted.error().code == make_error_code(Errc::deadline_passed) &&
        may_end_idle()) {
      around_->log.info("{}: nobody is left, and nobody came: ending", handling_.listen.display());
      co_return;
    }
    if (!accepted) co_await fail(accepted.error());
    const ConnectionId id = ++last_id_;
    report_opened(*around_, id, true, handling_.listen, **accepted, Duration::zero());
    deal_out(id, *std::move(accepted));
  }
}

void Service::deal_out(ConnectionId id, ConnectionPtr accepted) {
  HandlerThread* const other = less_busy();
  Admission::Place place(admission_);
  if (other != nullptr) {
    other->handle(id, std::move(accepted), std::move(place));
  } else {
    handler_.handle(id, std::move(accepted), std::move(place));
  }
}

/// The one that has fewer connections than this thread, and the fewest; null if there is none.
HandlerThread* Service::less_busy() const {
  HandlerThread* least = nullptr;
  std::size_t here = admission_.served();
  for (const auto& thread : threads_) {
    here -= thread->open();
    if (least == nullptr || thread->open() < least->open()) least = thread.get();
  }
  return least != nullptr && least->open() < here ? least : nullptr;
}

}  // namespace fid::service
