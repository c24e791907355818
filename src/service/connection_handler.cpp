// SPDX-License-Identifier: MIT
#include "service/connection_handler.hpp"

#include <fid/reactor/with_deadline.hpp>
#include <fid/task/race.hpp>

#include <string>
#include <utility>
#include <variant>

namespace fid::service {

using endpoint::Address;
using endpoint::Connection;

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
struct ConnectionHandler::Kept : Link {};

/// A joined connection in which nothing has to be done until one of its streams ends. It has no
/// coroutine meanwhile: idle ones are many, and that would be most of their memory.
class ConnectionHandler::Resting final : public Kept, public Runnable {
 public:
  Resting(ConnectionHandler& handler, JointPtr its_joint, Admission::Place its_place)
      : joint(std::move(its_joint)), place(std::move(its_place)), handler_(&handler) {
    handler.resting_.push_back(*this);
    joint->changed().wait(*this);
  }

  JointPtr joint;
  Admission::Place place;

 private:
  void run() override { handler_->wake(*this); }

  ConnectionHandler* handler_;
};

ConnectionHandler::ConnectionHandler(const Handling& handling, const Surroundings& around,
                                     Admission& admission)
    : handling_(&handling), around_(&around), admission_(&admission) {}

ConnectionHandler::~ConnectionHandler() {
  while (!resting_.empty()) delete static_cast<Resting*>(&resting_.front());
}

void ConnectionHandler::handle(ConnectionId id, ConnectionPtr accepted, Admission::Place place) {
  connections_.add(serve(id, std::move(accepted), std::move(place)));
}

Task<ConnectionPtr> ConnectionHandler::reach_target(ConnectionId id) {
  std::optional<Admission::Starving> starving;
  for (;;) {
    auto reaching = handling_->reach();
    auto opened = co_await as_result(std::move(reaching));
    // The client waits with us, as long as there is another connection to end.
    if (opened || !Admission::is_exhaustion(opened.error()) || admission_->served() < 2) {
      co_return std::move(opened);
    }
    if (!starving) {
      starving.emplace(*admission_);
      around_->log.warn("#{}: {}: {}; waiting", id, handling_->target.display(),
                        describe(opened.error()));
      around_->events.error(opened.error(), handling_->target.url(), id);
    }
    co_await admission_->wait_for_descriptors();
  }
}

/// The time for the whole connection counts from the start, and a cut ends this as well.
Task<ConnectionPtr> ConnectionHandler::reach_in_time(ConnectionId id,
                                                     std::optional<TimePoint> deadline) {
  std::optional<Duration> time;
  if (deadline) time = *deadline - Clock::now();
  auto either = race(reach_target(id), around_->live.cut_requested());
  auto in_time = with_deadline(time, std::move(either));
  auto first = co_await std::move(in_time);
  if (first.index() == 1) co_return fail(std::errc::operation_canceled, "connect");
  co_return std::get<0>(std::move(first));
}

void ConnectionHandler::not_adopted(ConnectionId id, const Error& error) {
  around_->events.error(error, handling_->listen.url(), id);
  around_->log.warn("#{}: {}: {}", id, handling_->listen.display(), describe(error));
  ConnectionEnd end;
  end.complete = false;
  end.by = Side::a;
  end.reason = CloseReason::refused;
  around_->events.close(id, end);
}

void ConnectionHandler::not_reached(ConnectionId id, const Error& error, TimePoint since,
                                    std::optional<TimePoint> deadline) {
  ConnectionEnd end;
  end.complete = false;
  if (const auto cut = around_->live.cut_reason()) {
    end.reason = *cut;
  } else if (deadline && Clock::now() >= *deadline) {
    end.reason = CloseReason::timeout_total;
  } else {
    around_->events.error(error, handling_->target.url(), id);
    around_->log.warn("#{}: {}: {}", id, handling_->target.display(), describe(error));
    end.by = Side::b;
    end.reason = CloseReason::refused;
  }
  end.lasted = Clock::now() - since;
  around_->events.close(id, end);
}

Task<void> ConnectionHandler::serve(ConnectionId id, ConnectionPtr accepted,
                                    Admission::Place place) {
  if (auto adopted = accepted->adopt(); !adopted) {
    not_adopted(id, adopted.error());
    co_return;
  }
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
Task<JointPtr> ConnectionHandler::join_to_target(ConnectionId id, ConnectionPtr accepted) {
  const TimePoint since = Clock::now();
  const std::optional<TimePoint> deadline = deadline_of(around_->transfer);
  auto reaching = reach_in_time(id, deadline);
  auto target = co_await as_result(std::move(reaching));
  if (!target) {
    not_reached(id, target.error(), since, deadline);
    co_return fail(target.error());
  }
  report_opened(*around_, id, false, handling_->target, **target, Clock::now() - since);
  JoinedSide a(handling_->listen, std::move(accepted));
  JoinedSide b(handling_->target, std::move(*target));
  co_return std::make_unique<Joint>(id, std::move(a), std::move(b), *around_, deadline);
}

void ConnectionHandler::rest(JointPtr joint, Admission::Place place) {
  new Resting(*this, std::move(joint), std::move(place));  // owned by the list it puts itself on
}

void ConnectionHandler::wake(Resting& resting) {
  const std::unique_ptr<Resting> awake(&resting);
  connections_.add(finish(std::move(awake->joint), std::move(awake->place)));
}

Task<void> ConnectionHandler::finish(JointPtr joint, Admission::Place place) {
  static_cast<void>(place);
  const ConnectionId id = joint->id();
  auto running = service::run(std::move(joint));
  const JoinEndPtr end = co_await std::move(running);
  report_end(id, *end);
}

void ConnectionHandler::report_end(ConnectionId id, const JoinEnd& end) {
  if (end.failed_command) {
    const auto& [side, code] = *end.failed_command;
    const Address& where = side == Side::a ? handling_->listen : handling_->target;
    around_->log.info("#{}: {}: the command ended with {}", id, where.display(), code.to_string());
  }
  if (end.relay.error) {
    const RelayEnd& relay = end.relay;
    const Address& where = relay.end.by == Side::a ? handling_->listen : handling_->target;
    if (relay.end.by == Side::b) target_failure_ = relay.error;
    around_->events.error(*relay.error, where.url(), id);
    around_->log.info("#{}: {}: {}", id, where.display(), describe(*relay.error));
  }
}

}  // namespace fid::service
