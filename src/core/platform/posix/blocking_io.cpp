// SPDX-License-Identifier: MIT
#include "platform/blocking_io.hpp"

#include "platform/posix/syscall.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace fid::platform {
namespace {

void wait_for(Native handle, short events) noexcept {
  pollfd watched{handle, events, 0};
  uninterrupted([&] { return ::poll(&watched, 1, -1); });
}

}  // namespace

Result<std::size_t> read_blocking(Native handle, MutableBytes into) noexcept {
  for (;;) {
    auto count = os::read(handle, into);
    if (count || !count.error().would_block()) return count;
    wait_for(handle, POLLIN);
  }
}

Result<void> write_blocking(Native handle, Bytes from) noexcept {
  while (!from.empty()) {
    const auto count = os::write(handle, from);
    if (count) {
      from = from.subspan(*count);
    } else if (count.error().would_block()) {
      wait_for(handle, POLLOUT);
    } else {
      return fail(count.error());
    }
  }
  return {};
}

Result<void> close_checked(Handle handle) noexcept {
  // Closed even if interrupted, and then nothing is known to be lost.
  if (::close(handle.release()) == 0 || errno == EINTR) return {};
  return last_error("close");
}

Result<void> replace_by_null(Native number) noexcept {
  const int flags = uninterrupted([&] { return ::fcntl(number, F_GETFD); });
  if (flags == -1) return last_error("fcntl");
  Handle null(uninterrupted([] { return ::open("/dev/null", O_RDWR | O_CLOEXEC); }));
  if (!null) {
    // Without devices, the reading end of a pipe: what matters is that the number stays taken.
    auto ends = os::pipe();
    if (!ends) return fail(ends.error());
    null = std::move(ends->first);
  }
  if (uninterrupted([&] { return ::dup2(null.get(), number); }) == -1) return last_error("dup2");
  return done("fcntl", [&] { return ::fcntl(number, F_SETFD, flags); });
}

}  // namespace fid::platform
