// SPDX-License-Identifier: MIT
#include "platform/posix/raw_addr.hpp"

#include <fid/net/socket_addr.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>

namespace fid {
namespace {

using platform::native_of;
using platform::raw_of;

os::RawAddr to_native(const SocketAddrV4& address) noexcept {
  sockaddr_in native{};
  native.sin_family = AF_INET;
  native.sin_port = htons(address.port());
  std::memcpy(&native.sin_addr, address.ip().octets().data(), sizeof native.sin_addr);
  return raw_of(native);
}

os::RawAddr to_native(const SocketAddrV6& address) noexcept {
  sockaddr_in6 native{};
  native.sin6_family = AF_INET6;
  native.sin6_port = htons(address.port());
  native.sin6_flowinfo = htonl(address.flowinfo());
  native.sin6_scope_id = address.scope_id();
  std::memcpy(&native.sin6_addr, address.ip().octets().data(), sizeof native.sin6_addr);
  return raw_of(native);
}

SocketAddrV4 from_native(const sockaddr_in& native) noexcept {
  Ipv4Addr::Octets octets{};
  std::memcpy(octets.data(), &native.sin_addr, octets.size());
  return {Ipv4Addr(octets), ntohs(native.sin_port)};
}

SocketAddrV6 from_native(const sockaddr_in6& native) noexcept {
  Ipv6Addr::Octets octets{};
  std::memcpy(octets.data(), &native.sin6_addr, octets.size());
  return {Ipv6Addr(octets), ntohs(native.sin6_port), ntohl(native.sin6_flowinfo),
          native.sin6_scope_id};
}

}  // namespace

Result<SocketAddr> SocketAddr::from_raw(const os::RawAddr& raw) noexcept {
  if (const auto v4 = native_of<sockaddr_in>(raw); v4 && v4->sin_family == AF_INET) {
    return from_native(*v4);
  }
  if (const auto v6 = native_of<sockaddr_in6>(raw); v6 && v6->sin6_family == AF_INET6) {
    return from_native(*v6);
  }
  return fail(std::errc::invalid_argument, "address");
}

os::RawAddr SocketAddr::to_raw() const noexcept {
  return is_ipv4() ? to_native(*as_v4()) : to_native(*as_v6());
}

}  // namespace fid
