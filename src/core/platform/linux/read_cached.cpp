// SPDX-License-Identifier: MIT
#include "platform/blocking_io.hpp"
#include "platform/posix/syscall.hpp"

#include <sys/uio.h>

namespace fid::platform {

Result<std::size_t> read_cached(Native handle, MutableBytes into) noexcept {
  const iovec piece{into.data(), into.size()};
  // Offset -1: from where the handle stands, and on.
  return count_of("preadv2", [&] { return ::preadv2(handle, &piece, 1, -1, RWF_NOWAIT); });
}

}  // namespace fid::platform
