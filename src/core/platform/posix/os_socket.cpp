// SPDX-License-Identifier: MIT
// Making, naming and joining sockets; os_socket_io.cpp moves the bytes.
#include "platform/posix/raw_addr.hpp"
#include "platform/posix/syscall.hpp"

#include <fid/base/os.hpp>

#include <netinet/in.h>
#include <sys/socket.h>

#include <optional>

namespace fid::os {

using platform::address_room;
using platform::as_sockaddr;
using platform::done;
using platform::last_error;
using platform::uninterrupted;

namespace {

// G1: also for accepted sockets, which on Linux inherit nothing from their listener.
constexpr int birth_flags = SOCK_CLOEXEC | SOCK_NONBLOCK;

/// None where the system has no such family.
std::optional<int> native_family(Family family) noexcept {
  switch (family) {
    case Family::inet4:
      return AF_INET;
    case Family::inet6:
      return AF_INET6;
    case Family::local:
      return AF_UNIX;
    case Family::vsock:
      break;
  }
#ifdef AF_VSOCK
  return AF_VSOCK;
#else
  return std::nullopt;
#endif
}

int native_type(SocketType type) noexcept {
  switch (type) {
    case SocketType::stream:
      return SOCK_STREAM;
    case SocketType::datagram:
      return SOCK_DGRAM;
    case SocketType::seqpacket:
      break;
  }
  return SOCK_SEQPACKET;
}

/// None where the system has no such protocol.
std::optional<int> native_protocol(Protocol protocol) noexcept {
  if (protocol == Protocol::usual) return 0;
#ifdef IPPROTO_MPTCP
  return IPPROTO_MPTCP;
#else
  return std::nullopt;
#endif
}

int native_direction(Shutdown how) noexcept {
  switch (how) {
    case Shutdown::read:
      return SHUT_RD;
    case Shutdown::write:
      return SHUT_WR;
    case Shutdown::both:
      break;
  }
  return SHUT_RDWR;
}

/// getsockname(2) and getpeername(2).
template <class Call>
Result<RawAddr> name_of(std::string_view operation, Native socket, Call call) noexcept {
  RawAddr address;
  socklen_t length = address_room;
  if (call(socket, as_sockaddr(address), &length) == -1) return last_error(operation);
  platform::set_length(address, length);
  return address;
}

}  // namespace

Result<Handle> socket(Family family, SocketType type, Protocol protocol) noexcept {
  const std::optional<int> domain = native_family(family);
  if (!domain) return fail(std::errc::address_family_not_supported, "socket");
  const std::optional<int> number = native_protocol(protocol);
  if (!number) return fail(std::errc::protocol_not_supported, "socket");
  const int handle = ::socket(*domain, native_type(type) | birth_flags, *number);
  if (handle == -1) return last_error("socket");
  return Handle(handle);
}

Result<std::pair<Handle, Handle>> socket_pair(SocketType type) noexcept {
  int ends[2];
  if (::socketpair(AF_UNIX, native_type(type) | birth_flags, 0, ends) == -1) {
    return last_error("socketpair");
  }
  return std::pair(Handle(ends[0]), Handle(ends[1]));
}

Result<SocketType> socket_type(Native socket) noexcept {
  int type = 0;
  socklen_t length = sizeof type;
  if (::getsockopt(socket, SOL_SOCKET, SO_TYPE, &type, &length) == -1) {
    return last_error("getsockopt");
  }
  switch (type) {
    case SOCK_STREAM:
      return SocketType::stream;
    case SOCK_DGRAM:
      return SocketType::datagram;
    case SOCK_SEQPACKET:
      return SocketType::seqpacket;
    default:
      return fail(std::errc::not_supported, "getsockopt");
  }
}

Result<bool> is_listening(Native socket) noexcept {
  int listening = 0;
  socklen_t length = sizeof listening;
  if (::getsockopt(socket, SOL_SOCKET, SO_ACCEPTCONN, &listening, &length) == -1) {
    return last_error("getsockopt");
  }
  return listening != 0;
}

Result<void> bind(Native socket, const RawAddr& address) noexcept {
  return done("bind", [&] { return ::bind(socket, as_sockaddr(address), address.length); });
}

Result<void> listen(Native socket, int backlog) noexcept {
  return done("listen", [&] { return ::listen(socket, backlog); });
}

Result<void> connect(Native socket, const RawAddr& address) noexcept {
  if (::connect(socket, as_sockaddr(address), address.length) == 0) return {};
  // Interrupted, the attempt goes on all the same; made again, the call would say EALREADY.
  if (errno == EINPROGRESS || errno == EINTR) return {};
  return last_error("connect");
}

Result<Handle> accept(Native listener, RawAddr& peer) noexcept {
  socklen_t length = 0;
  const int handle = uninterrupted([&] {
    length = address_room;
    return ::accept4(listener, as_sockaddr(peer), &length, birth_flags);
  });
  if (handle == -1) return last_error("accept");
  platform::set_length(peer, length);
  return Handle(handle);
}

Result<RawAddr> local_name(Native socket) noexcept {
  return name_of("getsockname", socket, ::getsockname);
}

Result<RawAddr> peer_name(Native socket) noexcept {
  return name_of("getpeername", socket, ::getpeername);
}

Result<void> shutdown(Native socket, Shutdown how) noexcept {
  return done("shutdown", [&] { return ::shutdown(socket, native_direction(how)); });
}

Result<void> take_error(Native socket) noexcept {
  int pending = 0;
  socklen_t length = sizeof pending;
  if (::getsockopt(socket, SOL_SOCKET, SO_ERROR, &pending, &length) == -1) {
    return last_error("getsockopt");
  }
  if (pending != 0) return fail(system_error(pending, "getsockopt"));
  return {};
}

Result<void> set_option(Native socket, int level, int name, Bytes value) noexcept {
  return done("setsockopt", [&] {
    return ::setsockopt(socket, level, name, value.data(), static_cast<socklen_t>(value.size()));
  });
}

Result<std::size_t> get_option(Native socket, int level, int name, MutableBytes value) noexcept {
  auto length = static_cast<socklen_t>(value.size());
  if (::getsockopt(socket, level, name, value.data(), &length) == -1) {
    return last_error("getsockopt");
  }
  return static_cast<std::size_t>(length);
}

}  // namespace fid::os
