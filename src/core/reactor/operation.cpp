// SPDX-License-Identifier: MIT
#include <fid/base/error.hpp>
#include <fid/reactor/operation.hpp>
#include <fid/reactor/reactor.hpp>

namespace fid {

bool Operation::start() {
  // Once the reactor has gone there is none to ask; the operation fails. While it goes, who tries
  // again for ever gives way as always.
  const bool may_start = (readiness_->stopped() && !Reactor::in_scope()) || may_go_on();
  if (!may_start) {
    schedule(*this);
    return false;
  }
  return try_once() != Attempt::blocked;
}

Attempt Operation::try_once() {
  if (readiness_->stopped()) {
    return fails(Error{make_error_code(Errc::reactor_stopped), "wait"});
  }
  if (worth_trying() || always_worth_trying()) {
    const Readiness* const tried = readiness_;
    const std::uint32_t tick = readiness_->tick();
    const Attempt how = attempt();
    if (how == Attempt::gives_way) {
      schedule(*this);
      return Attempt::blocked;
    }
    if (how != Attempt::blocked) return how;
    readiness_->clear(interest(), tried == readiness_ ? tick : readiness_->tick());
  }
  readiness_->wait(*this);
  return Attempt::blocked;
}

bool Operation::worth_trying() const noexcept {
  return trust_ == Trust::presumed ? readiness_->worth_trying(interest())
                                   : readiness_->has(interest());
}

bool Operation::may_go_on() noexcept {
  return Reactor::current().spend_budget();
}

void Operation::run() {
  if (try_once() == Attempt::blocked) return;
  if (failed_ && parent_ != nullptr) {
    parent_->fail(error_);
  } else {
    waiting_.resume();
  }
}

}  // namespace fid
