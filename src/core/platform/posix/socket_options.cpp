// SPDX-License-Identifier: MIT
// The rows that every POSIX system has, and the values that are structures.
#include <fid/base/os.hpp>
#include <fid/net/socket_options.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <limits>

namespace fid::sockopt {
namespace {

template <class T, class Structure>
Result<void> set_structure(Native socket, const SocketOption<T>& option,
                           const Structure& value) noexcept {
  const auto done =
      os::set_option(socket, option.level, option.name, std::as_bytes(std::span(&value, 1)));
  if (!done) return fail(done.error().code, option.call_name);
  return {};
}

}  // namespace

// clang-format off
constexpr SocketOption<bool>          keepalive{SOL_SOCKET, SO_KEEPALIVE, "SO_KEEPALIVE"};
constexpr SocketOption<bool>          reuseaddr{SOL_SOCKET, SO_REUSEADDR, "SO_REUSEADDR"};
constexpr SocketOption<bool>          reuseport{SOL_SOCKET, SO_REUSEPORT, "SO_REUSEPORT"};
constexpr SocketOption<std::uint32_t> send_buffer_size{SOL_SOCKET, SO_SNDBUF, "SO_SNDBUF"};
constexpr SocketOption<std::uint32_t> recv_buffer_size{SOL_SOCKET, SO_RCVBUF, "SO_RCVBUF"};
constexpr SocketOption<Linger>        linger{SOL_SOCKET, SO_LINGER, "SO_LINGER"};
constexpr SocketOption<bool>          broadcast{SOL_SOCKET, SO_BROADCAST, "SO_BROADCAST"};

constexpr SocketOption<std::uint32_t> ttl{IPPROTO_IP, IP_TTL, "IP_TTL"};
constexpr SocketOption<std::uint32_t> tos_v4{IPPROTO_IP, IP_TOS, "IP_TOS"};
constexpr SocketOption<std::uint32_t> tclass_v6{IPPROTO_IPV6, IPV6_TCLASS, "IPV6_TCLASS"};
constexpr SocketOption<bool>          v6only{IPPROTO_IPV6, IPV6_V6ONLY, "IPV6_V6ONLY"};
constexpr SocketOption<bool>          multicast_loop_v4{IPPROTO_IP, IP_MULTICAST_LOOP, "IP_MULTICAST_LOOP"};
constexpr SocketOption<bool>          multicast_loop_v6{IPPROTO_IPV6, IPV6_MULTICAST_LOOP, "IPV6_MULTICAST_LOOP"};
constexpr SocketOption<std::uint32_t> multicast_ttl_v4{IPPROTO_IP, IP_MULTICAST_TTL, "IP_MULTICAST_TTL"};
constexpr SocketOption<std::uint32_t> multicast_hops_v6{IPPROTO_IPV6, IPV6_MULTICAST_HOPS, "IPV6_MULTICAST_HOPS"};
constexpr SocketOption<Ipv4Addr>      multicast_interface_v4{IPPROTO_IP, IP_MULTICAST_IF, "IP_MULTICAST_IF"};
constexpr SocketOption<std::uint32_t> multicast_interface_v6{IPPROTO_IPV6, IPV6_MULTICAST_IF, "IPV6_MULTICAST_IF"};
constexpr SocketOption<MembershipV4>  join_multicast_v4{IPPROTO_IP, IP_ADD_MEMBERSHIP, "IP_ADD_MEMBERSHIP"};
constexpr SocketOption<MembershipV4>  leave_multicast_v4{IPPROTO_IP, IP_DROP_MEMBERSHIP, "IP_DROP_MEMBERSHIP"};
constexpr SocketOption<MembershipV6>  join_multicast_v6{IPPROTO_IPV6, IPV6_JOIN_GROUP, "IPV6_JOIN_GROUP"};
constexpr SocketOption<MembershipV6>  leave_multicast_v6{IPPROTO_IPV6, IPV6_LEAVE_GROUP, "IPV6_LEAVE_GROUP"};

constexpr SocketOption<bool>          nodelay{IPPROTO_TCP, TCP_NODELAY, "TCP_NODELAY"};
// clang-format on

Result<Linger> get(Native socket, const SocketOption<Linger>& option) noexcept {
  struct linger value {};
  const auto filled = os::get_option(socket, option.level, option.name,
                                     std::as_writable_bytes(std::span(&value, 1)));
  if (!filled) return fail(filled.error().code, option.call_name);
  if (value.l_onoff == 0) return Linger();
  return Linger(std::chrono::seconds(value.l_linger));
}

Result<void> set(Native socket, const SocketOption<Linger>& option, Linger value) noexcept {
  struct linger structure {};
  if (value) {
    if (*value < value->zero()) return fail(std::errc::invalid_argument, option.call_name);
    constexpr std::chrono::seconds longest(std::numeric_limits<int>::max());
    const auto whole = std::min(std::chrono::ceil<std::chrono::seconds>(*value), longest);
    structure = {1, static_cast<int>(whole.count())};
  }
  return set_structure(socket, option, structure);
}

Result<void> set(Native socket, const SocketOption<MembershipV4>& option,
                 const MembershipV4& value) noexcept {
  ip_mreq structure{};
  std::memcpy(&structure.imr_multiaddr, value.group.octets().data(), 4);
  std::memcpy(&structure.imr_interface, value.interface.octets().data(), 4);
  return set_structure(socket, option, structure);
}

Result<void> set(Native socket, const SocketOption<MembershipV6>& option,
                 const MembershipV6& value) noexcept {
  ipv6_mreq structure{};
  std::memcpy(&structure.ipv6mr_multiaddr, value.group.octets().data(), 16);
  structure.ipv6mr_interface = value.interface;
  return set_structure(socket, option, structure);
}

}  // namespace fid::sockopt
