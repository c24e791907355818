// SPDX-License-Identifier: MIT
#include <fid/base/error.hpp>
#include <fid/io/spare_room.hpp>
#include <fid/net/unix_datagram_ops.hpp>
#include <fid/reactor/reactor.hpp>

#include <algorithm>

namespace fid {

SendToUnixOp::SendToUnixOp(Native socket, Bytes message, const Result<UnixAddr>& to) noexcept
    : socket_(socket), message_(message) {
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
  auto sent = os::send_to(socket_, message_, to_);
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

Result<std::pair<std::size_t, UnixAddr>> RecvFromUnixOp::Into::receive(Native socket) const {
  os::RawAddr raw;
  const auto receive = [&](MutableBytes room) { return os::recv_from(socket, room, raw); };
  const auto* const bytes = std::get_if<MutableBytes>(&into_);
  const Result<std::size_t> count =
      bytes != nullptr ? receive(*bytes)
                       : detail::read_into_spare_room(*std::get<Buffer*>(into_), receive);
  if (!count) return fail(count.error());
  auto sender = UnixAddr::from_raw(raw);
  if (!sender) return fail(sender.error());
  return std::pair(*count, *std::move(sender));
}

Attempt RecvFromUnixOp::attempt() noexcept {
  auto received = into_.receive(from_);
  if (!received) return waits_or_fails(received.error());
  received_ = *std::move(received);
  return Attempt::done;
}

}  // namespace fid
