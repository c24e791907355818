// SPDX-License-Identifier: MIT
#include "platform/blocking_io.hpp"
#include "platform/posix/syscall.hpp"

#include <sys/uio.h>

namespace fid::platform {
namespace {

/// A size of 0 proves nothing: files that the system makes up while they are read have it.
bool is_at_its_end(Native handle) noexcept {
  if (os::is_null_device(handle)) return true;
  const auto size = os::file_size(handle);
  if (!size || *size == 0) return false;
  const auto position = os::position(handle);
  return position && *position >= *size;
}

}  // namespace

Result<std::size_t> read_cached(Native handle, MutableBytes into) noexcept {
  const iovec piece{into.data(), into.size()};
  // Offset -1: from where the handle stands, and on.
  const auto count =
      count_of("preadv2", [&] { return ::preadv2(handle, &piece, 1, -1, RWF_NOWAIT); });
  // Linux 5.9 and 5.10 give nothing of what is not in memory.
  if (count == 0U && !is_at_its_end(handle)) {
    return fail(std::errc::resource_unavailable_try_again, "preadv2");
  }
  return count;
}

}  // namespace fid::platform
