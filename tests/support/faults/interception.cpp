// SPDX-License-Identifier: MIT
#include "support/faults/interception.hpp"

#include <sys/epoll.h>

#include <array>
#include <atomic>
#include <cerrno>

/// The function itself, by the name that the linker gives it.
extern "C" decltype(::epoll_ctl) __real_epoll_ctl;

namespace fid::test {
namespace {

constinit thread_local Watched watched;
/// 0 is free.
constinit std::array<std::atomic<int>, 16> event_counters{};

}  // namespace

Watched& watched_here() noexcept {
  return watched;
}

void report_again() noexcept {
  for (const Watched::Entry& entry : watched) {
    if (entry.handle == -1) continue;
    epoll_event event = entry.event;
    __real_epoll_ctl(entry.epoll, EPOLL_CTL_MOD, entry.handle, &event);
  }
}

void event_counter_made(int handle) noexcept {
  for (auto& each : event_counters) {
    int none = 0;
    if (handle > 0 && each.compare_exchange_strong(none, handle)) return;
  }
}

void event_counter_closed(int handle) noexcept {
  for (auto& each : event_counters) {
    int number = handle;
    if (handle > 0) each.compare_exchange_strong(number, 0);
  }
}

bool counts_events(int handle) noexcept {
  return handle > 0 && std::ranges::any_of(event_counters, [handle](const auto& each) {
           return each.load(std::memory_order_relaxed) == handle;
         });
}

int failed(const Injector::Verdict& verdict) noexcept {
  if (verdict.error == EAGAIN) report_again();
  errno = verdict.error;
  return -1;
}

}  // namespace fid::test
