// SPDX-License-Identifier: MIT
#include "platform/posix/syscall.hpp"

#include <fid/base/os.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <charconv>

namespace fid::os {

using platform::last_error;
using platform::uninterrupted;

namespace {

/// Opening the master of a pseudo-terminal makes another terminal.  ptmx(4)
bool opens_anew(Native handle) noexcept {
  struct stat status {};
  constexpr unsigned tty_aux = 5;
  constexpr unsigned ptmx = 2;
  return ::fstat(handle, &status) == 0 && S_ISCHR(status.st_mode) &&
         status.st_rdev == makedev(tty_aux, ptmx);
}

}  // namespace

Result<Handle> reopen(Native handle, Access access) noexcept {
  if (!access.read && !access.write) return fail(std::errc::invalid_argument, "open");
  const int old = uninterrupted([&] { return ::fcntl(handle, F_GETFL); });
  if (old == -1) return last_error("fcntl");

  if (opens_anew(handle)) return fail(std::errc::not_supported, "open");

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
