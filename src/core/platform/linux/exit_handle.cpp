// SPDX-License-Identifier: MIT
#include "platform/children.hpp"
#include "platform/posix/syscall.hpp"

#include <sys/syscall.h>
#include <unistd.h>

namespace fid::platform {

Result<Handle> exit_handle(ProcessId child) noexcept {
  // glibc 2.36 declares its wrapper without C linkage. The handle is close-on-exec by itself.
  const long handle = ::syscall(SYS_pidfd_open, child, 0);
  if (handle == -1) return last_error("pidfd_open");
  return Handle(static_cast<int>(handle));
}

}  // namespace fid::platform
