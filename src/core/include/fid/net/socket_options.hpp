// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/handle.hpp>
#include <fid/base/result.hpp>
#include <fid/net/ip_addr.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Options of sockets, each with the type of its value.  socket(7), ip(7), ipv6(7), tcp(7)
///
/// Errors carry the option's own name: `TCP_NODELAY: Operation not supported (EOPNOTSUPP)`.
/// A platform without an option has a row that it refuses with no_protocol_option.
namespace fid::sockopt {

/// A row of the table: where the option is found, and what errors call it.
template <class T>
struct SocketOption {
  int level;
  int name;
  std::string_view call_name;
};

/// How long close() goes on sending, blocking the thread; none leaves that to the kernel. Zero
/// resets the connection and discards what is unsent. The kernel counts whole seconds: fractions
/// are rounded up, lest a short wait become a reset.
using Linger = std::optional<std::chrono::milliseconds>;

/// A group, and the address of the interface to hear it on: 0.0.0.0 lets the system choose.
struct MembershipV4 {
  Ipv4Addr group;
  Ipv4Addr interface;
};

/// A group, and the index of the interface to hear it on: 0 lets the system choose.
struct MembershipV6 {
  Ipv6Addr group;
  std::uint32_t interface = 0;
};

// --- any socket -----------------------------------------------------------------------------
/// Whether an idle connection is probed. SO_KEEPALIVE
extern const SocketOption<bool> keepalive;
/// Whether an address can be bound that connections of an earlier process still use. SO_REUSEADDR
extern const SocketOption<bool> reuseaddr;
/// Whether several sockets can share a port. SO_REUSEPORT
extern const SocketOption<bool> reuseport;
/// Bytes. Clamped by the system; Linux reports twice what was set.
extern const SocketOption<std::uint32_t> send_buffer_size;
extern const SocketOption<std::uint32_t> recv_buffer_size;
/// What closing does with data that is not sent. SO_LINGER
extern const SocketOption<Linger> linger;
/// Whether datagrams can be sent to broadcast addresses. SO_BROADCAST
extern const SocketOption<bool> broadcast;
/// The interface that packets come and go by; empty for any.
extern const SocketOption<std::string> device;
/// On a Unix socket: whether what is received says who sent it. Linux.
extern const SocketOption<bool> pass_credentials;
/// The processor that handles the packets, -1 before there were any.
extern const SocketOption<int> incoming_cpu;

// --- IP -------------------------------------------------------------------------------------
/// How many networks a packet may pass. IP_TTL, IPV6_UNICAST_HOPS
extern const SocketOption<std::uint32_t> ttl;
/// The whole byte: DSCP in the upper six bits.
extern const SocketOption<std::uint32_t> tos_v4;
extern const SocketOption<std::uint32_t> tclass_v6;
/// Whether an IPv6 socket leaves IPv4 to others. IPV6_V6ONLY
extern const SocketOption<bool> v6only;
/// Whether this machine hears what it sends to groups.
extern const SocketOption<bool> multicast_loop_v4;
extern const SocketOption<bool> multicast_loop_v6;
/// How many networks a datagram to a group may pass.
extern const SocketOption<std::uint32_t> multicast_ttl_v4;
extern const SocketOption<std::uint32_t> multicast_hops_v6;
/// By which interface datagrams to groups are sent: its address, its index. Nothing in either, the
/// system chooses.
extern const SocketOption<Ipv4Addr> multicast_interface_v4;
extern const SocketOption<std::uint32_t> multicast_interface_v6;
/// The groups that are heard: set only.
extern const SocketOption<MembershipV4> join_multicast_v4;
extern const SocketOption<MembershipV4> leave_multicast_v4;
extern const SocketOption<MembershipV6> join_multicast_v6;
extern const SocketOption<MembershipV6> leave_multicast_v6;

// --- UDP ------------------------------------------------------------------------------------
/// Datagrams of one size from one sender may be received as one.
extern const SocketOption<bool> udp_gro;

// --- TCP ------------------------------------------------------------------------------------
/// Whether small writes go out at once. TCP_NODELAY
extern const SocketOption<bool> nodelay;
/// Not sticky: the kernel leaves and enters this mode as it sees fit.
extern const SocketOption<bool> quickack;
/// Silence before the first probe, time between probes, and how many go unanswered.
extern const SocketOption<std::chrono::seconds> keepalive_idle;
extern const SocketOption<std::chrono::seconds> keepalive_interval;
extern const SocketOption<std::uint32_t> keepalive_count;
/// How long sent data may stay unacknowledged; zero for the system's own limit.
extern const SocketOption<std::chrono::milliseconds> user_timeout;
/// The algorithm's name, "cubic".
extern const SocketOption<std::string> congestion;
/// On a listener: how many connections may wait that sent data with their SYN.
extern const SocketOption<std::uint32_t> fastopen;
/// On a client: the first write goes with the SYN.
extern const SocketOption<bool> fastopen_connect;

/// Whether Multipath TCP is spoken; read only. False once the peer was found not to speak it.
extern const SocketOption<bool> multipath;

Result<bool> get(Native socket, const SocketOption<bool>& option) noexcept;
Result<int> get(Native socket, const SocketOption<int>& option) noexcept;
Result<std::uint32_t> get(Native socket, const SocketOption<std::uint32_t>& option) noexcept;
Result<std::chrono::seconds> get(Native socket,
                                 const SocketOption<std::chrono::seconds>& option) noexcept;
Result<std::chrono::milliseconds> get(
    Native socket, const SocketOption<std::chrono::milliseconds>& option) noexcept;
Result<std::string> get(Native socket, const SocketOption<std::string>& option);
Result<Linger> get(Native socket, const SocketOption<Linger>& option) noexcept;
Result<Ipv4Addr> get(Native socket, const SocketOption<Ipv4Addr>& option) noexcept;

// Numbers beyond what the kernel's int holds are taken as the largest it does. Times below zero
// and names too long for the kernel are refused with invalid_argument.
Result<void> set(Native socket, const SocketOption<bool>& option, bool on) noexcept;
Result<void> set(Native socket, const SocketOption<int>& option, int value) noexcept;
Result<void> set(Native socket, const SocketOption<std::uint32_t>& option,
                 std::uint32_t value) noexcept;
Result<void> set(Native socket, const SocketOption<std::chrono::seconds>& option,
                 std::chrono::seconds value) noexcept;
Result<void> set(Native socket, const SocketOption<std::chrono::milliseconds>& option,
                 std::chrono::milliseconds value) noexcept;
Result<void> set(Native socket, const SocketOption<std::string>& option,
                 std::string_view value) noexcept;
Result<void> set(Native socket, const SocketOption<Linger>& option, Linger value) noexcept;
Result<void> set(Native socket, const SocketOption<Ipv4Addr>& option,
                 const Ipv4Addr& value) noexcept;
Result<void> set(Native socket, const SocketOption<MembershipV4>& option,
                 const MembershipV4& value) noexcept;
Result<void> set(Native socket, const SocketOption<MembershipV6>& option,
                 const MembershipV6& value) noexcept;

}  // namespace fid::sockopt
