// SPDX-License-Identifier: MIT
#include "platform/posix/raw_addr.hpp"
#include "platform/posix/syscall.hpp"

#include <fid/net/passing.hpp>

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>

namespace fid::detail {

using platform::address_room;
using platform::as_sockaddr;
using platform::count_of;

namespace {

/// A process as a handle: what a socket gives where SO_PASSPIDFD was set on it.
constexpr int scm_pidfd = 4;

/// Room for all that can come along with one message: the most handles there can be, credentials,
/// and what the socket was set up by others to tell (a timestamp, a security label, a process).
/// With less, the kernel would install some of the handles, and say no more than that it cut.
constexpr std::size_t control_room =
    CMSG_SPACE(sizeof(int) * Passing::most_handles) + CMSG_SPACE(sizeof(ucred)) + std::size_t{1024};

/// Room for everything that can go along.
struct Control {
  alignas(cmsghdr) std::array<std::byte, control_room> bytes;
};

/// Adds one item and gives the room it took.
std::size_t put(Control& control, std::size_t at, int type, Bytes value) noexcept {
  cmsghdr header{};
  header.cmsg_level = SOL_SOCKET;
  header.cmsg_type = type;
  header.cmsg_len = CMSG_LEN(value.size());
  std::memset(control.bytes.data() + at, 0, CMSG_SPACE(value.size()));
  std::memcpy(control.bytes.data() + at, &header, sizeof header);
  std::memcpy(control.bytes.data() + at + CMSG_LEN(0), value.data(), value.size());
  return CMSG_SPACE(value.size());
}

/// Takes every handle out of an item: what is not taken over is closed here.
void take_handles(const cmsghdr& header, std::size_t most, Delivery& into) {
  const std::size_t count = (header.cmsg_len - CMSG_LEN(0)) / sizeof(int);
  into.handles.reserve(std::min(count, most));
  for (std::size_t i = 0; i < count; ++i) {
    int number = -1;
    std::memcpy(&number, CMSG_DATA(&header) + i * sizeof number, sizeof number);
    Handle handle(number);
    if (header.cmsg_type != SCM_RIGHTS) continue;
    if (into.handles.size() < most) {
      into.handles.push_back(std::move(handle));
    } else {
      into.handles_cut = true;
    }
  }
}

UCred sender_in(const cmsghdr& header) noexcept {
  ucred raw{};
  std::memcpy(&raw, CMSG_DATA(&header), sizeof raw);
  return {raw.uid, raw.gid, raw.pid != 0 ? std::optional<ProcessId>(raw.pid) : std::nullopt};
}

/// Bytes of a stream carry what goes along; without any it would be dropped, unnoticed.
bool is_lost(Native socket, Bytes message) noexcept {
  if (!message.empty()) return false;
  const auto type = os::socket_type(socket);
  return type && *type == os::SocketType::stream;
}

}  // namespace

Result<std::size_t> send_passing(Native socket, Bytes message, const Passing& with,
                                 const os::RawAddr* to) noexcept {
  if (with.handles().size() > Passing::most_handles) {
    return fail(std::errc::invalid_argument, "pass more handles than one message takes");
  }
  if (!with.empty() && is_lost(socket, message)) {
    return fail(std::errc::invalid_argument, "pass handles without a byte to carry them");
  }
  Control control;
  std::size_t used = 0;
  if (!with.handles().empty()) {
    used += put(control, used, SCM_RIGHTS, std::as_bytes(with.handles()));
  }
  if (const auto& sender = with.sender()) {
    const ucred raw{sender->pid().value_or(::getpid()), sender->uid(), sender->gid()};
    used += put(control, used, SCM_CREDENTIALS, std::as_bytes(std::span(&raw, 1)));
  }
  // Neither is written to; msghdr serves both directions and so has no const.
  iovec piece{const_cast<std::byte*>(message.data()), message.size()};
  msghdr header{};
  header.msg_iov = &piece;
  header.msg_iovlen = 1;
  if (used > 0) header.msg_control = control.bytes.data();
  header.msg_controllen = used;
  if (to != nullptr) {
    header.msg_name = const_cast<sockaddr*>(as_sockaddr(*to));
    header.msg_namelen = to->length;
  }
  return count_of("sendmsg",
                  [&] { return ::sendmsg(socket, &header, MSG_DONTWAIT | MSG_NOSIGNAL); });
}

Result<Delivery> recv_passing(Native socket, MutableBytes into, std::size_t most_handles) noexcept {
  Control control;
  os::RawAddr from;
  iovec piece{into.data(), into.size()};
  msghdr header{};
  header.msg_iov = &piece;
  header.msg_iovlen = 1;
  header.msg_name = as_sockaddr(from);
  header.msg_control = control.bytes.data();
  const auto count = count_of("recvmsg", [&] {
    header.msg_namelen = address_room;
    header.msg_controllen = control.bytes.size();
    return ::recvmsg(socket, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  });
  if (!count) return fail(count.error());

  Delivery delivery;
  delivery.size = *count;
  delivery.cut = (header.msg_flags & MSG_TRUNC) != 0;
  delivery.handles_cut = (header.msg_flags & MSG_CTRUNC) != 0;
  for (cmsghdr* item = CMSG_FIRSTHDR(&header); item != nullptr; item = CMSG_NXTHDR(&header, item)) {
    if (item->cmsg_level != SOL_SOCKET) continue;
    if (item->cmsg_type == SCM_RIGHTS || item->cmsg_type == scm_pidfd) {
      take_handles(*item, most_handles, delivery);
    } else if (item->cmsg_type == SCM_CREDENTIALS) {
      delivery.sender = sender_in(*item);
    }
  }
  platform::set_length(from, header.msg_namelen);
  auto address = UnixAddr::from_raw(from);
  if (address) delivery.from = *std::move(address);
  return delivery;
}

}  // namespace fid::detail
