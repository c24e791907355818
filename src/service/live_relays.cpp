// SPDX-License-Identifier: MIT
#include "service/live_relays.hpp"

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

void LiveRelays::cut_all(CloseReason reason) {
  cut_ = reason;
  is_cut_.set();
  members_.for_each([reason](Member& member) { member.relay_->cut(reason); });
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

void LiveRelays::report(Events& events) {
  members_.for_each([&](const Member& member) {
    events.stats(member.id_, member.relay_->a_to_b(), member.relay_->b_to_a());
  });
  events.stats(totals());
}

}  // namespace fid::service
