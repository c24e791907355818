// SPDX-License-Identifier: MIT
#include "platform/posix/raw_addr.hpp"
#include "platform/posix/syscall.hpp"

#include <fid/base/os_queue.hpp>

#include <poll.h>
#include <sys/socket.h>

namespace fid::os {

using platform::address_room;
using platform::as_sockaddr;
using platform::count_of;

Result<ReceivedMessage> recv_message(Native socket, MutableBytes into, RawAddr* from) noexcept {
  iovec piece{into.data(), into.size()};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  if (from != nullptr) message.msg_name = as_sockaddr(*from);
  const auto count = count_of("recvmsg", [&] {
    message.msg_namelen = from != nullptr ? address_room : 0;
    return ::recvmsg(socket, &message, MSG_DONTWAIT);
  });
  if (!count) return fail(count.error());
  if (from != nullptr) platform::set_length(*from, message.msg_namelen);
  // There is no room for the mark, and so its place in what is told is taken by this flag. Systems
  // that have MSG_EOR set it on each record.
  const bool marked = (message.msg_flags & (MSG_CTRUNC | MSG_EOR)) != 0;
  return ReceivedMessage{*count, (message.msg_flags & MSG_TRUNC) != 0, *count == 0 && !marked};
}

Result<void> mark_messages(Native socket) noexcept {
  const int on = 1;
  return set_option(socket, SOL_SOCKET, SO_TIMESTAMP, std::as_bytes(std::span(&on, 1)));
}

Result<std::size_t> discard(Native socket, MutableBytes scratch) noexcept {
  return count_of("recv", [&] {
    return ::recv(socket, scratch.data(), scratch.size(), MSG_DONTWAIT | MSG_TRUNC);
  });
}

Result<bool> is_readable(Native handle) noexcept {
  pollfd watched{handle, POLLIN, 0};
  const auto count = count_of("poll", [&] { return ::poll(&watched, 1, 0); });
  if (!count) return fail(count.error());
  return *count > 0;
}

}  // namespace fid::os
