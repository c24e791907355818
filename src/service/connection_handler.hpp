// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/endpoint.hpp"
#include "service/admission.hpp"
#include "service/join.hpp"
#include "service/joint.hpp"

#include <fid/base/clock.hpp>
#include <fid/base/linked_list.hpp>
#include <fid/task/task_group.hpp>

#include <functional>
#include <memory>
#include <optional>

namespace fid::service {

using endpoint::ConnectionPtr;

/// What is done with each connection that was accepted. Any number of threads read it.
struct Handling {
  const endpoint::Address& listen;  ///< where it came in
  const endpoint::Address& target;  ///< what `reach` opens, for messages and for its options
  /// Opens the other side for a connection.
  std::function<Task<ConnectionPtr>()> reach;
};

/// Serves connections once they are accepted, on the reactor in scope: opens the other side for
/// each, joins the two, and tells what became of them. One that fails is an event and a line in the
/// log.
///
/// Shape: stays where it is; what it is given outlives it. Destroying it abandons what it serves.
class ConnectionHandler {
 public:
  ConnectionHandler(const Handling& handling, const Surroundings& around, Admission& admission);
  ConnectionHandler(const ConnectionHandler&) = delete;
  ConnectionHandler& operator=(const ConnectionHandler&) = delete;
  ~ConnectionHandler();

  /// Adopts it, serves it until its end, and then gives the place back.
  void handle(ConnectionId id, ConnectionPtr accepted, Admission::Place place);

  /// What the other side of a connection failed with last, once it was open.
  const std::optional<Error>& target_failure() const noexcept { return target_failure_; }

 private:
  struct Kept;
  class Resting;

  Task<void> serve(ConnectionId id, ConnectionPtr accepted, Admission::Place place);
  Task<JointPtr> join_to_target(ConnectionId id, ConnectionPtr accepted);
  void rest(JointPtr joint, Admission::Place place);
  void wake(Resting& resting);
  Task<void> finish(JointPtr joint, Admission::Place place);
  void report_end(ConnectionId id, const JoinEnd& end);
  Task<ConnectionPtr> reach_target(ConnectionId id);
  Task<ConnectionPtr> reach_in_time(ConnectionId id, std::optional<TimePoint> deadline);
  void not_adopted(ConnectionId id, const Error& error);
  void not_reached(ConnectionId id, const Error& error, TimePoint since,
                   std::optional<TimePoint> deadline);

  const Handling* handling_;
  const Surroundings* around_;
  Admission* admission_;
  LinkedList<Kept> resting_;  ///< which it owns
  TaskGroup connections_;     ///< that do not rest
  std::optional<Error> target_failure_;
};

/// Reports that a connection was accepted or made.
void report_opened(const Surroundings& around, ConnectionId id, bool accepted,
                   const endpoint::Address& address, const endpoint::Connection& connection,
                   Duration took);

}  // namespace fid::service
