// SPDX-License-Identifier: MIT
#include <fid/base/error.hpp>
#include <fid/net/unix_datagram_ops.hpp>
#include <fid/reactor/reactor.hpp>

#include <algorithm>

namespace fid {

SendToUnixOp::SendToUnixOp(Native socket, Bytes message, const Result<UnixAddr>& to,
                           const Passing& with) noexcept
    : socket_(socket), message_(message), with_(with) {
  if (to) {
    to_ = to->to_raw();
  } else {
    sent_ = fail(to.error());
  }
}

SendToUnixOp::SendToUnixOp(const SendToUnixOp& other) noexcept
    : Timer(),
      socket_(other.socket_),
      message_(other.message_),
      with_(other.with_),
      to_(other.to_),
      sent_(other.sent_) {}

bool SendToUnixOp::start() {
  if (failed()) return true;
  Reactor& reactor = Reactor::current();
  if (!reactor.spend_budget()) {
    reactor.schedule(*this);
    return false;
  }
  return try_once();
}

bool SendToUnixOp::try_once() {
  Reactor& reactor = Reactor::current();
  if (!reactor.running()) {
    sent_ = fail(Errc::reactor_stopped, "sendto");
    return true;
  }
  auto sent = with_.empty() ? os::send_to(socket_, message_, to_)
                            : detail::send_passing(socket_, message_, with_, &to_);
  if (sent || !sent.error().would_block()) {
    sent_ = sent;
    return true;
  }
  reactor.timers().add(*this, Clock::now() + pause_);
  pause_ = std::min(2 * pause_, longest_pause);
  return false;
}

void SendToUnixOp::run() {
  if (!try_once()) return;
  if (failed() && parent_ != nullptr) {
    parent_->fail(error());
  } else {
    waiting_.resume();
  }
}

}  // namespace fid
