// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/messages.hpp"
#include "endpoint/unix_path.hpp"

#include <fid/base/handle.hpp>
#include <fid/base/os.hpp>

namespace fid::endpoint {

/// The messages of a connected socket, whatever mode it is in. `type` is its own: records have an
/// end, datagrams have none, not even an empty one. `file`, if it is bound to one that has to be
/// removed, goes before the socket, so that nobody finds it stale.
///
/// Of records the system is asked to mark each (SO_TIMESTAMP), since an empty one would look like
/// the end.
Result<MessagesPtr> socket_messages(Handle socket, os::SocketType type, OwnedPath file = {});

}  // namespace fid::endpoint
