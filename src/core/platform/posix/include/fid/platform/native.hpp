// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

namespace fid {

/// What the system calls an open object: a file descriptor.
using Native = int;
inline constexpr Native invalid_native = -1;

using UserId = uid_t;
using GroupId = gid_t;
using ProcessId = pid_t;
using FileMode = mode_t;

}  // namespace fid
