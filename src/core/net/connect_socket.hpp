// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/os.hpp>
#include <fid/reactor/registration.hpp>
#include <fid/task/task.hpp>

namespace fid::detail {

inline constexpr Interest both_ways = Interest::readable | Interest::writable;
/// A connected socket may be tried before the selector has spoken.
inline constexpr Ready connected_presumed = Ready::readable | Ready::writable;

/// Connects a stream socket: makes the call, then registers (G14), then waits until the attempt
/// has ended, even if the call said that it had (G15), and reports how.  connect(2)
Task<Registration> connect_socket(Handle socket, os::RawAddr to, Interest interest,
                                  Registration::Kind kind, Caller caller);

}  // namespace fid::detail
