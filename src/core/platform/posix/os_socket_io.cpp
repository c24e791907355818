// SPDX-License-Identifier: MIT
// Receiving and sending.
#include "platform/posix/io_pieces.hpp"
#include "platform/posix/raw_addr.hpp"
#include "platform/posix/syscall.hpp"

#include <fid/base/os.hpp>

#include <sys/socket.h>

namespace fid::os {

using platform::address_room;
using platform::as_sockaddr;
using platform::count_of;
using platform::IoPieces;

namespace {

constexpr int receiving = MSG_DONTWAIT;
constexpr int sending = MSG_DONTWAIT | MSG_NOSIGNAL;

msghdr message_of(IoPieces& pieces) noexcept {
  msghdr message{};
  message.msg_iov = pieces.data();
  // An int on some systems.
  message.msg_iovlen = static_cast<decltype(message.msg_iovlen)>(pieces.size());
  return message;
}

Result<std::size_t> receive_from(Native socket, MutableBytes into, RawAddr& from,
                                 int flags) noexcept {
  socklen_t length = 0;
  const Result<std::size_t> count = count_of("recvfrom", [&] {
    length = address_room;
    return ::recvfrom(socket, into.data(), into.size(), flags, as_sockaddr(from), &length);
  });
  if (count) platform::set_length(from, length);
  return count;
}

}  // namespace

Result<std::size_t> recv(Native socket, MutableBytes into) noexcept {
  return count_of("recv", [&] { return ::recv(socket, into.data(), into.size(), receiving); });
}

Result<std::size_t> peek(Native socket, MutableBytes into) noexcept {
  return count_of("recv",
                  [&] { return ::recv(socket, into.data(), into.size(), receiving | MSG_PEEK); });
}

Result<std::size_t> recvv(Native socket, ReadPieces into) noexcept {
  IoPieces pieces(into);
  msghdr message = message_of(pieces);
  return count_of("recvmsg", [&] { return ::recvmsg(socket, &message, receiving); });
}

Result<std::size_t> send(Native socket, Bytes from) noexcept {
  return count_of("send", [&] { return ::send(socket, from.data(), from.size(), sending); });
}

Result<std::size_t> sendv(Native socket, WritePieces from) noexcept {
  IoPieces pieces(from);
  const msghdr message = message_of(pieces);
  return count_of("sendmsg", [&] { return ::sendmsg(socket, &message, sending); });
}

Result<std::size_t> recv_from(Native socket, MutableBytes into, RawAddr& from) noexcept {
  return receive_from(socket, into, from, receiving);
}

Result<std::size_t> peek_from(Native socket, MutableBytes into, RawAddr& from) noexcept {
  return receive_from(socket, into, from, receiving | MSG_PEEK);
}

Result<std::size_t> send_to(Native socket, Bytes from, const RawAddr& to) noexcept {
  return count_of("sendto", [&] {
    return ::sendto(socket, from.data(), from.size(), sending, as_sockaddr(to), to.length);
  });
}

}  // namespace fid::os
