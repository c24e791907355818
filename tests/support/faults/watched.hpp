// SPDX-License-Identifier: MIT
#pragma once

#include <sys/epoll.h>

#include <array>
#include <cstddef>

namespace fid::test {

/// What this thread has an epoll(7) watch: to report it as ready when it is not, and to report
/// once more what is.
///
/// Without a destructor, so that handles may be closed after everything else has gone. What finds
/// no room is left alone.
class Watched {
 public:
  struct Entry {
    int epoll = -1;
    int handle = -1;
    epoll_event event{};
  };

  void add(int epoll, int handle, const epoll_event& event) noexcept;
  void remove(int epoll, int handle) noexcept;
  /// A descriptor that is closed is watched no more, and may be the epoll itself.
  void closed(int handle) noexcept;

  /// Says of everything that `epoll` watches that it is ready for what it is watched for.
  int claim_ready(int epoll, epoll_event* events, int room) const noexcept;

  const Entry* begin() const noexcept { return entries_.data(); }
  const Entry* end() const noexcept { return entries_.data() + entries_.size(); }

 private:
  std::array<Entry, 64> entries_{};
};

}  // namespace fid::test
