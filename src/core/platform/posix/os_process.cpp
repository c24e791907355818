// SPDX-License-Identifier: MIT
// The process itself, and waiting without a reactor.
#include "platform/posix/syscall.hpp"

#include <fid/base/os.hpp>

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <climits>
#include <cstdlib>

namespace fid::os {

ProcessId process_id() noexcept {
  return ::getpid();
}

std::optional<std::string> take_variable(const char* name) {
  const char* const value = std::getenv(name);
  if (value == nullptr) return std::nullopt;
  std::string copy(value);
  ::unsetenv(name);
  return copy;
}

Result<bool> wait_writable(Native handle, Duration timeout) noexcept {
  const TimePoint deadline = Clock::now() + timeout;
  for (;;) {
    // Rounded up: a wait that ends early would only be made again.
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    const auto wait = std::clamp<std::chrono::milliseconds::rep>(left.count(), 0, INT_MAX);
    pollfd watched{handle, POLLOUT, 0};
    const int count = ::poll(&watched, 1, static_cast<int>(wait));
    if (count >= 0) return count > 0;
    if (errno != EINTR) return platform::last_error("poll");
  }
}

}  // namespace fid::os
