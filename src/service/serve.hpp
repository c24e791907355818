// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/endpoint.hpp"
#include "service/admission.hpp"
#include "service/connection_handler.hpp"
#include "service/handler_thread.hpp"
#include "service/join.hpp"
#include "service/shutdown.hpp"

#include <fid/base/clock.hpp>
#include <fid/task/event.hpp>
#include <fid/task/task.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

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
  /// How many threads serve. The one that runs the service is the first of them.
  std::size_t threads = 1;
};

/// Accepts on one address, opens another for each connection, and joins the two: `fid relay`, and
/// `fid listen -k` with a command.
///
/// A connection that fails is an event and a line in the log; the service goes on. When
/// descriptors run out, accepting pauses until a connection ends. A signal stops accepting, and
/// what is open may finish while draining lasts.
///
/// All of that is one thread's, which serves connections itself. With more of them, each connection
/// goes to the one that has the fewest, if that can be: a stream socket, with a target of a kind
/// that any thread may open.
///
/// Shape: stays where it is; what it is given outlives it.
class Service {
 public:
  using Reach = decltype(Handling::reach);

  /// `target` is what `reach` opens, for messages and for its options.
  Service(const endpoint::Address& listen, const endpoint::Address& target, Reach reach,
          const ServeSettings& settings, const Surroundings& around);
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;
  ~Service();

  /// Starts the other threads, if there are to be any; `listener` is that of run().
  Result<void> start_threads(endpoint::Listener& listener);
  /// Serves until it is stopped; gives the status, and a complaint unless all is well.
  Task<Complaint> run(endpoint::ListenerPtr listener, Shutdown& shutdown);
  /// Waits until the other threads have ended, and takes what they had to tell.
  void end_threads();

 private:
  std::optional<Duration> longest_idle() const;
  bool may_end_idle() const;
  Task<void> while_threads_run(Task<void> accepting);
  Task<void> a_thread_fails();
  Task<void> accept_all(endpoint::Listener& listener);
  Task<endpoint::ConnectionPtr> accept(endpoint::Listener& listener);
  Task<endpoint::ConnectionPtr> accept_in_time(endpoint::Listener& listener);
  Task<endpoint::ConnectionPtr> accept_beside_others(Duration patience,
                                                     endpoint::Listener& listener);
  void deal_out(ConnectionId id, ConnectionPtr accepted);
  HandlerThread* less_busy() const;
  /// Whether no connection can be served any more.
  bool target_failed() const noexcept { return settings_->one_target && handler_.target_failure(); }

  const Handling handling_;
  const ServeSettings* settings_;
  const Surroundings* around_;
  Admission admission_;
  ConnectionId last_id_ = 0;
  ConnectionHandler handler_;
  std::vector<std::unique_ptr<HandlerThread>> threads_;  ///< the others
  std::optional<Error> thread_failure_;
  Event thread_failed_;
};

/// Accepts a connection on `address`, if one comes in `time`; fails with deadline_passed otherwise.
/// One that is lost while it is taken is reported, and the next one waited for.
Task<endpoint::ConnectionPtr> accept_within(std::optional<Duration> time,
                                            endpoint::Listener& listener,
                                            const endpoint::Address& address,
                                            const Surroundings& around);

}  // namespace fid::service
