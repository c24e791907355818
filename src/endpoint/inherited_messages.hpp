// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/messages.hpp"

#include <fid/base/handle.hpp>
#include <fid/base/os.hpp>

namespace fid::endpoint {

/// The messages of an inherited socket, which stays open and in the mode it is in. `type` is its
/// own: records have an end, datagrams have none.
///
/// Of records the system is asked to mark each (SO_TIMESTAMP), since an empty one would look like
/// the end.
Result<MessagesPtr> inherited_messages(Native number, os::SocketType type);

}  // namespace fid::endpoint
