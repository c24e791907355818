// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/endpoint.hpp"
#include "service/admission.hpp"
#include "service/join.hpp"
#include "service/joint.hpp"
#include "service/shutdown.hpp"

#include <fid/base/clock.hpp>
#include <fid/base/linked_list.hpp>
#include <fid/task/task_group.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

namespace fid::service {

struct ServeSettings {
  /// All connections are joined to the same other side, one after another: none can be served any
  /// more once it has failed.
  bool one_target = false;
  std::optional<std::size_t> max_connections;
  /// Give up when no client comes for this long and none is being served.
  std::optional<Duration> accept_timeout;
  /// The same, but then the work is done: whoever started us listens on, and starts us again.
  std::optional<Duration> exit_idle_time;
};

/// Accepts on one address, opens another for each connection, and joins the two: `fid relay`, and
/// `fid listen -k` with a command.
///
/// A connection that fails is an event and a line in the log; the service goes on. When
/// descriptors run out, accepting pauses until a connection ends. A signal stops accepting, and
/// what is open may finish while draining lasts.
///
/// Shape: stays where it is; what it is given outlives it.
class Service {
 public:
  /// Opens the other side for a connection.
  using Reach = std::function<Task<endpoint::Connection>()>;

  /// `target` is what `reach` opens, for messages and for its options.
  Service(const endpoint::Address& listen, const endpoint::Address& target, Reach reach,
          const ServeSettings& settings, const Surroundings& around);
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;
  ~Service();

  /// Serves until it is stopped; gives the status, and a complaint unless all is well.
  Task<Complaint> run(endpoint::ListenerPtr listener, Shutdown& shutdown);

 private:
  struct Kept;
  class Resting;

  std::optional<Duration> longest_idle() const;
  bool may_end_idle() const;
  Task<void> accept_all(endpoint::Listener& listener);
  Task<endpoint::Connection> accept(endpoint::Listener& listener);
  Task<endpoint::Connection> accept_in_time(endpoint::Listener& listener);
  using ConnectionPtr = std::unique_ptr<endpoint::Connection>;
  Task<void> serve(ConnectionId id, ConnectionPtr accepted, Admission::Place place);
  Task<JointPtr> join_to_target(ConnectionId id, ConnectionPtr accepted);
  void rest(JointPtr joint, Admission::Place place);
  void wake(Resting& resting);
  Task<void> finish(JointPtr joint, Admission::Place place);
  void report_end(ConnectionId id, const JoinEnd& end);
  Task<endpoint::Connection> reach_target(ConnectionId id);
  Task<endpoint::Connection> reach_in_time(ConnectionId id, std::optional<TimePoint> deadline);
  void not_reached(ConnectionId id, const Error& error, TimePoint since,
                   std::optional<TimePoint> deadline);

  const endpoint::Address* listen_;
  const endpoint::Address* target_;
  Reach reach_;
  const ServeSettings* settings_;
  const Surroundings* around_;
  Admission admission_;
  ConnectionId last_id_ = 0;
  LinkedList<Kept> resting_;             ///< which it owns
  TaskGroup connections_;                ///< that do not rest
  std::optional<Error> target_failure_;  ///< of the only one
};

/// Accepts a connection on `address`, if one comes in `time`; fails with deadline_passed otherwise.
/// One that is lost while it is taken is reported, and the next one waited for.
Task<endpoint::Connection> accept_within(std::optional<Duration> time, endpoint::Listener& listener,
                                         const endpoint::Address& address,
                                         const Surroundings& around);

/// Reports that a connection was accepted or made.
void report_opened(const Surroundings& around, ConnectionId id, bool accepted,
                   const endpoint::Address& address, const endpoint::Connection& connection,
                   Duration took);

}  // namespace fid::service
