// SPDX-License-Identifier: MIT
#include "service/live_relays.hpp"

#include <memory>

namespace fid::service {

LiveRelays::Member::Member(LiveRelays& list, Relay& relay, ConnectionId id)
    : list_(&list), relay_(&relay), id_(id) {
  list.members_.push_back(*this);
  ++list.ended_.accepted;
  ++list.ended_.open;
  if (list.cut_) relay.cut(*list.cut_);
}

LiveRelays::Member::~Member() {
  --list_->ended_.open;
  list_->ended_.a_to_b += relay_->a_to_b();
  list_->ended_.b_to_a += relay_->b_to_a();
}

void LiveRelays::also_reach(std::vector<Remote<LiveRelays>> others) {
  others_ = std::move(others);
  if (!here_) here_.emplace(*this);
}

void LiveRelays::cut_all(CloseReason reason) {
  cut_ = reason;
  is_cut_.set();
  members_.for_each([reason](Member& member) { member.relay_->cut(reason); });
  for (const auto& other : others_) {
    other.post([reason](LiveRelays& there) { there.cut_all(reason); });
  }
}

Task<CloseReason> LiveRelays::cut_requested() {
  co_await is_cut_.wait();
  co_return *cut_;
}

Totals LiveRelays::totals() const {
  Totals totals = ended_;
  members_.for_each([&](const Member& member) {
    totals.a_to_b += member.relay_->a_to_b();
    totals.b_to_a += member.relay_->b_to_a();
  });
  return totals;
}

void LiveRelays::report_each(Events& events) const {
  members_.for_each([&](const Member& member) {
    events.stats(member.id_, member.relay_->a_to_b(), member.relay_->b_to_a());
  });
}

/// The totals of one report, on the thread that was asked for it.
struct LiveRelays::Sum {
  Totals totals;
  std::size_t missing;  ///< threads that have not said theirs
};

void LiveRelays::report(Events& events) {
  report_each(events);
  if (others_.empty()) return events.stats(totals());
  const auto sum = std::make_shared<Sum>(Sum{totals(), others_.size()});
  for (const auto& other : others_) {
    other.post([sum, &events, here = here_->remote()](LiveRelays& there) {
      there.report_each(events);
      here.post([sum, &events, theirs = there.totals()](LiveRelays&) {
        sum->totals += theirs;
        if (--sum->missing == 0) events.stats(sum->totals);
      });
    });
  }
}

}  // namespace fid::service
