// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/os.hpp>
#include <fid/reactor/registration.hpp>
#include <fid/task/task.hpp>

namespace fid::detail {

/// Urgent data too: while some is queued a short read does not mean that the queue is empty.
inline constexpr Interest connected_interest =
    Interest::readable | Interest::writable | Interest::priority;
/// A connected socket may be tried before the selector has spoken.
inline constexpr Ready connected_presumed = Ready::readable | Ready::writable;

/// Connects a stream socket: makes the call, then registers (G14), then waits until the attempt
/// has ended, even if the call said that it had (G15), and reports how.  connect(2)
Task<Registration> connect_socket(Handle socket, os::RawAddr to, Registration::Kind kind,
                                  Caller caller);

}  // namespace fid::detail
