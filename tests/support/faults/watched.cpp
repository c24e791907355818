// SPDX-License-Identifier: MIT
#include "support/faults/watched.hpp"

#include <cstdint>

namespace fid::test {

void Watched::add(int epoll, int handle, const epoll_event& event) noexcept {
  for (Entry& entry : entries_) {
    if (entry.handle != -1) continue;
    entry = {epoll, handle, event};
    return;
  }
}

void Watched::remove(int epoll, int handle) noexcept {
  for (Entry& entry : entries_) {
    if (entry.epoll == epoll && entry.handle == handle) entry = {};
  }
}

void Watched::closed(int handle) noexcept {
  for (Entry& entry : entries_) {
    if (entry.epoll == handle || entry.handle == handle) entry = {};
  }
}

int Watched::claim_ready(int epoll, epoll_event* events, int room) const noexcept {
  // Nothing that is final: it is told of a peer that has gone only when it has.
  constexpr std::uint32_t claimed = EPOLLIN | EPOLLOUT;
  int count = 0;
  for (const Entry& entry : entries_) {
    if (entry.epoll != epoll || count == room) continue;
    epoll_event event = entry.event;
    event.events &= claimed;
    if (event.events != 0) events[count++] = event;
  }
  return count;
}

}  // namespace fid::test
