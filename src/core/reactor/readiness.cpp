// SPDX-License-Identifier: MIT
#include <fid/reactor/readiness.hpp>

namespace fid {
namespace {

constexpr Ready closed = Ready::read_closed | Ready::write_closed;

}  // namespace

void Readiness::set(Ready ready) {
  if (kind_ == Kind::datagram) ready -= closed;
  if (ready.is_empty()) return;
  ready_ |= ready;
  presumed_ = {};
  ++tick_;
  waiters_.for_each([&](Waiter& waiter) {
    if (!(ready_ & waiter.wanted()).is_empty()) schedule(waiter);
  });
}

void Readiness::clear(Interest interest, std::uint32_t tick) noexcept {
  Ready gone = interest.mask() - closed;
  if (kind_ == Kind::fifo && interest.is_readable()) gone |= Ready::read_closed;
  clear(gone, tick);
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
  tick_ = 0;
  ready_ = {};
  presumed_ = presumed;
  kind_ = kind;
  stopped_ = false;
}

}  // namespace fid
