// SPDX-License-Identifier: MIT
#pragma once

#include "service/events.hpp"
#include "service/relay.hpp"
#include "service/remote.hpp"

#include <fid/base/linked_list.hpp>
#include <fid/task/event.hpp>
#include <fid/task/task.hpp>

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace fid::service {

/// The relays that are running: to count them, and to cut them all. Where several threads serve,
/// each has its own, and one of them reaches the others.
///
/// Shape: stays where it is, outlives its members.
class LiveRelays {
 public:
  /// One relay, on the list as long as this lives.
  class Member : public Link {
   public:
    Member(LiveRelays& list, Relay& relay, ConnectionId id);
    Member(const Member&) = delete;
    Member& operator=(const Member&) = delete;
    ~Member();

    ConnectionId id() const noexcept { return id_; }

   private:
    friend class LiveRelays;
    LiveRelays* list_;
    Relay* relay_;
    ConnectionId id_;
  };

  /// Reaches those of other threads from now on, for cut_all() and report().
  void also_reach(std::vector<Remote<LiveRelays>> others);

  /// Cuts those that run now; those that begin later are cut at once.
  void cut_all(CloseReason reason);
  /// Why they were cut, if they were.
  std::optional<CloseReason> cut_reason() const noexcept { return cut_; }
  /// Waits for cut_all(), and gives its reason. Cancelling it only stops waiting.
  Task<CloseReason> cut_requested();

  /// Of those here.
  Totals totals() const;
  /// One `stats` event for each, and one for all, which the last of the others brings about.
  void report(Events& events);

 private:
  struct Sum;

  void report_each(Events& events) const;

  // Looking at the members changes none of them.
  mutable LinkedList<Member> members_;
  Totals ended_;  ///< of those that are gone
  std::optional<CloseReason> cut_;
  Event is_cut_;
  std::vector<Remote<LiveRelays>> others_;
  std::optional<Reachable<LiveRelays>> here_;  ///< for their answers
};

}  // namespace fid::service
