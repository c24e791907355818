// SPDX-License-Identifier: MIT
#include <fid/base/error.hpp>
#include <fid/reactor/reactor.hpp>
#include <fid/reactor/sleep.hpp>

namespace fid {

bool SleepOp::start() {
  Reactor& reactor = Reactor::current();
  failed_ = !reactor.running();
  if (failed_ || deadline_ <= Clock::now()) {
    if (reactor.spend_budget()) return true;
    reactor.schedule(*this);
    return false;
  }
  reactor.timers().add(*this, deadline_);
  return false;
}

Error SleepOp::error() const noexcept {
  return {make_error_code(Errc::reactor_stopped), "sleep"};
}

void SleepOp::run() {
  failed_ = !Reactor::current().running();
  if (failed_ && parent_ != nullptr) {
    parent_->fail(error());
  } else {
    waiting_.resume();
  }
}

}  // namespace fid
