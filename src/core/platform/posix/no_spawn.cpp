// SPDX-License-Identifier: MIT
// In place of spawn.cpp where FID_EXEC is off: nothing here can start a program.
#include "platform/children.hpp"

namespace fid::platform {

Result<ProcessId> spawn(const ProcessOptions&) {
  return fail(std::errc::operation_not_supported, "exec");
}

}  // namespace fid::platform
