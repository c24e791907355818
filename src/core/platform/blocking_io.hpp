// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/bytes.hpp>
#include <fid/base/handle.hpp>
#include <fid/base/os.hpp>
#include <fid/base/result.hpp>

/// What a platform provides for handles that cannot be watched, or must be left as they are.
namespace fid::platform {

/// Reads what is there, and waits until something is, whatever mode the handle is in. For workers.
Result<std::size_t> read_blocking(Native handle, MutableBytes into) noexcept;
/// Writes everything, likewise.
Result<void> write_blocking(Native handle, Bytes from) noexcept;
/// Reads what is in memory, never from a disk, whatever mode the handle is in: else would-block,
/// also at an end that is not certain. 0 is one that is.
/// Fails with not_supported where that cannot be told.  preadv2(2)
Result<std::size_t> read_cached(Native handle, MutableBytes into) noexcept;
/// Closes, and says if what was written before is lost. close(2)
Result<void> close_checked(Handle handle) noexcept;
/// Closes what the number stands for by making it the null device, so that nothing else gets it.
Result<void> replace_by_null(Native number) noexcept;

}  // namespace fid::platform
