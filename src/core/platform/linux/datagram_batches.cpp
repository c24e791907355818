// SPDX-License-Identifier: MIT
#include "platform/posix/raw_addr.hpp"
#include "platform/posix/syscall.hpp"

#include <fid/base/os_batch.hpp>

#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>

// Kernels have these; the C library's headers may not yet.
#ifndef SOL_UDP
#define SOL_UDP 17
#endif
#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#ifndef UDP_GRO
#define UDP_GRO 104
#endif

namespace fid::os {

using platform::address_room;
using platform::as_sockaddr;
using platform::count_of;
using platform::uninterrupted;

namespace {

iovec piece_of(Bytes bytes) noexcept {
  // iovec serves both directions and so has no const.
  return {const_cast<std::byte*>(bytes.data()), bytes.size()};
}

void name(msghdr& message, const RawAddr& to) noexcept {
  message.msg_name = const_cast<sockaddr*>(as_sockaddr(to));
  message.msg_namelen = to.length;
}

/// What UDP_GRO says along with a message; 0 if nothing.
std::size_t segment_of(msghdr& message) noexcept {
  for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr;
       part = CMSG_NXTHDR(&message, part)) {
    if (part->cmsg_level != SOL_UDP || part->cmsg_type != UDP_GRO) continue;
    int size = 0;
    std::memcpy(&size, CMSG_DATA(part), sizeof size);
    return static_cast<std::size_t>(size);
  }
  return 0;
}

/// A kernel that does not know the option would send everything as one datagram.
bool knows_segments(Native socket) noexcept {
  int size = 0;
  socklen_t length = sizeof size;
  return ::getsockopt(socket, SOL_UDP, UDP_SEGMENT, &size, &length) == 0;
}

/// Because the segments do not fit the path, are too many, or the device cannot check-sum them.
bool refuses_segments(int error) noexcept {
  return error == EINVAL || error == EMSGSIZE || error == EIO || error == EOPNOTSUPP;
}

}  // namespace

Result<std::size_t> recv_datagrams(Native socket, std::span<IncomingDatagram> into) noexcept {
  struct Control {
    alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(sizeof(int))> bytes;
  };
  std::array<mmsghdr, most_datagrams> messages;
  std::array<iovec, most_datagrams> pieces;
  std::array<Control, most_datagrams> controls;
  const std::size_t most = std::min(into.size(), most_datagrams);
  for (std::size_t i = 0; i < most; ++i) {
    pieces[i] = piece_of(into[i].into);
    messages[i] = {};
    msghdr& message = messages[i].msg_hdr;
    message.msg_name = as_sockaddr(into[i].from);
    message.msg_namelen = address_room;
    message.msg_iov = &pieces[i];
    message.msg_iovlen = 1;
    message.msg_control = controls[i].bytes.data();
    message.msg_controllen = controls[i].bytes.size();
  }
  const auto count = count_of("recvmmsg", [&] {
    return ::recvmmsg(socket, messages.data(), static_cast<unsigned>(most), MSG_DONTWAIT, nullptr);
  });
  if (!count) return fail(count.error());
  for (std::size_t i = 0; i < *count; ++i) {
    msghdr& message = messages[i].msg_hdr;
    platform::set_length(into[i].from, message.msg_namelen);
    into[i].size = messages[i].msg_len;
    into[i].segment = segment_of(message);
    into[i].cut = (message.msg_flags & MSG_TRUNC) != 0;
  }
  return count;
}

Result<std::size_t> send_datagrams(Native socket,
                                   std::span<const OutgoingDatagram> datagrams) noexcept {
  std::array<mmsghdr, most_datagrams> messages;
  std::array<iovec, most_datagrams> pieces;
  const std::size_t most = std::min(datagrams.size(), most_datagrams);
  for (std::size_t i = 0; i < most; ++i) {
    pieces[i] = piece_of(datagrams[i].message);
    messages[i] = {};
    messages[i].msg_hdr.msg_iov = &pieces[i];
    messages[i].msg_hdr.msg_iovlen = 1;
    if (datagrams[i].to != nullptr) name(messages[i].msg_hdr, *datagrams[i].to);
  }
  return count_of("sendmmsg", [&] {
    return ::sendmmsg(socket, messages.data(), static_cast<unsigned>(most),
                      MSG_DONTWAIT | MSG_NOSIGNAL);
  });
}

Result<void> send_segments(Native socket, Bytes bytes, std::size_t segment,
                           const RawAddr* to) noexcept {
  const auto refused = [] { return fail(std::errc::not_supported, "UDP_SEGMENT"); };
  const auto size = static_cast<std::uint16_t>(segment);
  if (size != segment || !knows_segments(socket)) return refused();
  alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(sizeof size)> control{};
  iovec piece = piece_of(bytes);
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  if (to != nullptr) name(message, *to);
  cmsghdr* const part = CMSG_FIRSTHDR(&message);
  part->cmsg_level = SOL_UDP;
  part->cmsg_type = UDP_SEGMENT;
  part->cmsg_len = CMSG_LEN(sizeof size);
  std::memcpy(CMSG_DATA(part), &size, sizeof size);
  const auto sent =
      uninterrupted([&] { return ::sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL); });
  if (sent != -1) return {};
  if (refuses_segments(errno)) return refused();
  return platform::last_error("sendmsg");
}

}  // namespace fid::os
