// SPDX-License-Identifier: MIT
#include <fid/base/os.hpp>

#include <sys/stat.h>
#include <sys/sysmacros.h>

namespace fid::os {

bool is_null_device(Native handle) noexcept {
  struct stat status {};
  if (::fstat(handle, &status) == -1) return false;
  return S_ISCHR(status.st_mode) && status.st_rdev == ::makedev(1, 3);
}

}  // namespace fid::os
