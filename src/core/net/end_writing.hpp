// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/os.hpp>

namespace fid::detail {

/// Sends the end of a stream. That there is no connection any more is success: after a reset, and
/// when repeated once the peer has closed too.  shutdown(2)
inline Result<void> end_writing(Native socket) noexcept {
  const Result<void> done = os::shutdown(socket, os::Shutdown::write);
  if (!done && done.error().code == std::errc::not_connected) return {};
  return done;
}

}  // namespace fid::detail
