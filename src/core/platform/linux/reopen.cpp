// SPDX-License-Identifier: MIT
#include "platform/posix/syscall.hpp"

#include <fid/base/os.hpp>

#include <fcntl.h>

#include <charconv>

namespace fid::os {

using platform::last_error;
using platform::uninterrupted;

Result<Handle> reopen(Native handle, Access access) noexcept {
  if (!access.read && !access.write) return fail(std::errc::invalid_argument, "open");
  const int old = uninterrupted([&] { return ::fcntl(handle, F_GETFL); });
  if (old == -1) return last_error("fcntl");

  char path[32] = "/proc/self/fd/";
  constexpr std::size_t prefix = sizeof "/proc/self/fd/" - 1;
  *std::to_chars(path + prefix, path + sizeof path - 1, handle).ptr = '\0';

  // Appending is the one other mode worth keeping: without it `>>file` would be overwritten.
  int flags = O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (old & O_APPEND);
  flags |= access.read ? (access.write ? O_RDWR : O_RDONLY) : O_WRONLY;
  const int opened = uninterrupted([&] { return ::open(path, flags); });
  if (opened == -1) return last_error("open");
  return Handle(opened);
}

}  // namespace fid::os
