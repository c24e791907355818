// SPDX-License-Identifier: MIT
#include <fid/reactor/readiness.hpp>

namespace fid {
namespace {

constexpr Ready closed = Ready::read_closed | Ready::write_closed;

}  // namespace

void Readiness::set(Ready ready) {
  if (kind_ == Kind::datagram) {
    // An ICMP error comes with no read event; it is receivers who are to read it (G26).
    if (ready.is_error()) ready |= Ready::readable;
    ready -= closed;
  }
  if (ready.is_empty()) return;
  ready_ |= ready;
  presumed_ = {};
  ++tick_;
  waiters_.for_each([&](Waiter& waiter) {
    if (!(ready_ & waiter.wanted()).is_empty()) schedule(waiter);
  });
}

void Readiness::clear(Interest interest, std::uint32_t tick) noexcept {
  Ready states = kind_ == Kind::fifo ? interest.mask() : interest.mask() - closed;
  // Receivers have been told of the error, which made the socket readable.
  if (kind_ == Kind::datagram && interest.is_readable()) states |= Ready::error;
  clear(states, tick);
}

void Readiness::clear_short(Interest interest) noexcept {
  // What is in a pipe may have been written as packets, by a writer that chose so (O_DIRECT): a
  // read gives one, whatever is queued behind it.
  const bool of_bytes = kind_ == Kind::stream || (kind_ == Kind::fifo && !interest.is_readable());
  if (of_bytes && !ready_.is_priority()) clear(interest.mask() - closed, tick_);
}

void Readiness::clear(Ready states, std::uint32_t tick) noexcept {
  presumed_ -= states;
  if (tick == tick_) ready_ -= states;
}

void Readiness::stop() {
  stopped_ = true;
  waiters_.for_each([](Waiter& waiter) { schedule(waiter); });
}

void Readiness::reset(Kind kind, Ready presumed) noexcept {
  // Whoever still waits for the tenant before is not woken by this one's events.
  while (!waiters_.empty()) waiters_.pop_front();
  tick_ = 0;
  ready_ = {};
  presumed_ = presumed;
  kind_ = kind;
  stopped_ = false;
}

}  // namespace fid
