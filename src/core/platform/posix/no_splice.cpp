// SPDX-License-Identifier: MIT
// For systems that cannot copy inside the kernel; Linux has linux/splice.cpp in its place.
#include <fid/base/os.hpp>

namespace fid::os {

bool can_splice(Native, Native) noexcept {
  return false;
}

Result<std::size_t> splice(Native, Native, std::size_t) noexcept {
  return fail(std::errc::function_not_supported, "splice");
}

Result<void> set_pipe_size(Native, std::size_t) noexcept {
  return fail(std::errc::function_not_supported, "fcntl");
}

void widen_send_buffer(Native, std::size_t) noexcept {}

}  // namespace fid::os
