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
using endpoint::Connection;
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

Task<Connection> accept_within(std::optional<Duration> time, Listener& listener,
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

void report_opened(const Surroundings& around, ConnectionId id, bool accepted,
                   const Address& address, const Connection& connection, Duration took) {
  const bool logged = around.log.should_log(spdlog::level::debug);
  if (!logged && !around.events.is_on()) return;
  const std::string peer = connection.peer.url(address.kind->name);
  const std::string local = connection.local.url(address.kind->name);
  Opened opened;
  opened.peer = peer;
  opened.local = local;
  opened.took = took;
  if (connection.cred) {
    opened.uid = connection.cred->uid();
    opened.gid = connection.cred->gid();
  }
  if (accepted) {
    around.events.accept(id, opened);
    around.log.debug("#{}: accepted {}", id, peer);
  } else {
    // What has no name at either end was not connected but opened.
    if (!peer.empty() || !local.empty()) around.events.connect(id, opened);
    around.log.debug("#{}: opened {}", id, peer.empty() ? address.display() : peer);
  }
}

/// A place on the list of those that rest: another one waits for its joint to change.
struct Service::Kept : Link {};

/// A joined connection in which nothing has to be done until one of its streams ends. It has no
/// coroutine meanwhile: idle ones are many, and that would be most of their memory.
class Service::Resting final : public Kept, public Runnable {
 public:
  Resting(Service& service, JointPtr its_joint, Admission::Place its_place)
      : joint(std::move(its_joint)), place(std::move(its_place)), service_(&service) {
    service.resting_.push_back(*this);
    joint->changed().wait(*this);
  }

  JointPtr joint;
  Admission::Place place;

 private:
  void run() override { service_->wake(*this); }

  Service* service_;
};

Service::Service(const Address& listen, const Address& target, Reach reach,
                 const ServeSettings& settings, const Surroundings& around)
    : listen_(&listen),
      target_(&target),
      reach_(std::move(reach)),
      settings_(&settings),
      around_(&around),
      admission_(settings.max_connections) {}

Service::~Service() {
  while (!resting_.empty()) delete static_cast<Resting*>(&resting_.front());
}

Task<Complaint> Service::run(ListenerPtr listener, Shutdown& shutdown) {
  Complaint complaint;
  complaint.where = listen_->display();
  auto serving = race(shutdown.stop_requested(), accept_all(*listener));
  const auto stopped = co_await as_result(std::move(serving));
  if (!stopped) {
    complaint.error = stopped.error();
    complaint.status =
        status_of(target_failure_ ? Stage::transfer : Stage::accept, stopped.error());
    if (target_failure_) complaint.where = target_->display();
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
Task<Connection> Service::accept_in_time(Listener& listener) {
  const std::optional<Duration> patience = longest_idle();
  while (patience && admission_.served() > 0) {
    auto either = race(accept_within(std::nullopt, listener, *listen_, *around_),
                       admission_.wait_until_empty());
    auto first = co_await std::move(either);
    if (first.index() == 0) co_return std::get<0>(std::move(first));
  }
  co_return co_await accept_within(patience, listener, *listen_, *around_);
}

Task<Connection> Service::accept(Listener& listener) {
  bool told_of_pause = false;
  for (;;) {
    auto accepting = accept_in_time(listener);
    auto accepted = co_await as_result(std::move(accepting));
    if (accepted) co_return std::move(*accepted);
    const Error& error = accepted.error();
    if (Admission::is_exhaustion(error)) {
      if (!std::exchange(told_of_pause, true)) {
        around_->log.warn("{}: {}; accepting pauses", listen_->display(), describe(error));
        around_->events.error(error, listen_->url());
      }
      co_await admission_.wait_for_descriptors();
    } else {
      co_return std::move(accepted);
    }
  }
}

Task<void> Service::accept_all(Listener& listener) {
  for (;;) {
    co_await admission_.wait_for_place();
    if (target_failure_) co_await fail(*target_failure_);
    auto accepting = accept(listener);
    auto accepted = co_await as_result(std::move(accepting));
    if (!accepted && accepted.error().code == make_error_code(Errc::deadline_passed) &&
        may_end_idle()) {
      around_->log.info("{}: nobody is left, and nobody came: ending", listen_->display());
      co_return;
    }
    if (!accepted) co_await fail(accepted.error());
    const ConnectionId id = ++last_id_;
    report_opened(*around_, id, true, *listen_, *accepted, Duration::zero());
    auto serving =
        serve(id, std::make_unique<Connection>(std::move(*accepted)), Admission::Place(admission_));
    connections_.add(std::move(serving));
  }
}

Task<Connection> Service::reach_target(ConnectionId id) {
  std::optional<Admission::Starving> starving;
  for (;;) {
    auto reaching = reach_();
    auto opened = co_await as_result(std::move(reaching));
    // The client waits with us, as long as there is another connection to end.
    if (opened || !Admission::is_exhaustion(opened.error()) || admission_.served() < 2) {
      co_return std::move(opened);
    }
    if (!starving) {
      starving.emplace(admission_);
      around_->log.warn("#{}: {}: {}; waiting", id, target_->display(), describe(opened.error()));
      around_->events.error(opened.error(), target_->url(), id);
    }
    co_await admission_.wait_for_descriptors();
  }
}

/// The time for the whole connection counts from the start, and a cut ends this as well.
Task<Connection> Service::reach_in_time(ConnectionId id, std::optional<TimePoint> deadline) {
  std::optional<Duration> time;
  if (deadline) time = *deadline - Clock::now();
  auto either = race(reach_target(id), around_->live.cut_requested());
  auto in_time = with_deadline(time, std::move(either));
  auto first = co_await std::move(in_time);
  if (first.index() == 1) co_return fail(std::errc::operation_canceled, "connect");
  co_return std::get<0>(std::move(first));
}

void Service::not_reached(ConnectionId id, const Error& error, TimePoint since,
                          std::optional<TimePoint> deadline) {
  ConnectionEnd end;
  end.complete = false;
  if (const auto cut = around_->live.cut_reason()) {
    end.reason = *cut;
  } else if (deadline && Clock::now() >= *deadline) {
    end.reason = CloseReason::timeout_total;
  } else {
    around_->events.error(error, target_->url(), id);
    around_->log.warn("#{}: {}: {}", id, target_->display(), describe(error));
    end.by = Side::b;
    end.reason = CloseReason::refused;
  }
  end.lasted = Clock::now() - since;
  around_->events.close(id, end);
}

Task<void> Service::serve(ConnectionId id, ConnectionPtr accepted, Admission::Place place) {
  auto joining = join_to_target(id, std::move(accepted));
  JointPtr joint = co_await std::move(joining);
  joint->start();
  if (joint->can_rest()) {
    rest(std::move(joint), std::move(place));
  } else {
    auto finishing = finish(std::move(joint), std::move(place));
    co_await std::move(finishing);
  }
}

/// Opens the other side, and reports it if it could not be.
Task<JointPtr> Service::join_to_target(ConnectionId id, ConnectionPtr accepted) {
  const TimePoint since = Clock::now();
  const std::optional<TimePoint> deadline = deadline_of(around_->transfer);
  auto reaching = reach_in_time(id, deadline);
  auto target = co_await as_result(std::move(reaching));
  if (!target) {
    not_reached(id, target.error(), since, deadline);
    co_return fail(target.error());
  }
  report_opened(*around_, id, false, *target_, *target, Clock::now() - since);
  JoinedSide a(*listen_, std::move(*accepted));
  JoinedSide b(*target_, std::move(*target));
  co_return std::make_unique<Joint>(id, std::move(a), std::move(b), *around_, deadline);
}

void Service::rest(JointPtr joint, Admission::Place place) {
  new Resting(*this, std::move(joint), std::move(place));  // owned by the list it puts itself on
}

void Service::wake(Resting& resting) {
  const std::unique_ptr<Resting> awake(&resting);
  connections_.add(finish(std::move(awake->joint), std::move(awake->place)));
}

Task<void> Service::finish(JointPtr joint, Admission::Place place) {
  static_cast<void>(place);
  const ConnectionId id = joint->id();
  auto running = service::run(std::move(joint));
  const JoinEndPtr end = co_await std::move(running);
  report_end(id, *end);
}

void Service::report_end(ConnectionId id, const JoinEnd& end) {
  if (end.failed_command) {
    const auto& [side, code] = *end.failed_command;
    const Address& where = side == Side::a ? *listen_ : *target_;
    around_->log.info("#{}: {}: the command ended with {}", id, where.display(), code.to_string());
  }
  if (end.relay.error) {
    const RelayEnd& relay = end.relay;
    const Address& where = relay.end.by == Side::a ? *listen_ : *target_;
    if (settings_->one_target && relay.end.by == Side::b) target_failure_ = relay.error;
    around_->events.error(*relay.error, where.url(), id);
    around_->log.info("#{}: {}: {}", id, where.display(), describe(*relay.error));
  }
}

}  // namespace fid::service
