// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/os.hpp>

/// Looking at and taking from a socket's queue where os.hpp's calls tell too little; see there for
/// what holds for all.
namespace fid::os {

/// One message taken.
struct ReceivedMessage {
  std::size_t size = 0;
  bool cut = false;   ///< it was longer than the buffer; the rest is lost
  bool none = false;  ///< the connection has ended: see mark_messages()
};

/// Takes one message, and its sender if `from` is given. Handles that came along are dropped.
/// Never blocks, whatever the handle's mode.  recvmsg(2)
Result<ReceivedMessage> recv_message(Native socket, MutableBytes into, RawAddr* from) noexcept;

/// Makes recv_message() tell an empty message from the end of a seqpacket connection, which are the
/// same to recv(2): the system marks each message from here on, and not the end.  SO_TIMESTAMP
Result<void> mark_messages(Native socket) noexcept;

/// Takes what waits on a stream socket, up to the size of `scratch`, and drops it; gives how much
/// that was. Where the system can, nothing is copied, else into `scratch`.  recv(2), MSG_TRUNC
Result<std::size_t> discard(Native socket, MutableBytes scratch) noexcept;

/// Whether something waits to be read or accepted, or the end of it.  poll(2)
Result<bool> is_readable(Native handle) noexcept;

}  // namespace fid::os
