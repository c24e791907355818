// SPDX-License-Identifier: MIT
// The rows that other systems lack, or know under other numbers.
#include <fid/net/socket_options.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <sys/socket.h>

// Kernels have it; the C library's header may not yet.
#ifndef UDP_GRO
#define UDP_GRO 104
#endif

namespace fid::sockopt {
namespace {

/// Linux 6.9; not in every libc's headers.
constexpr int tcp_is_mptcp = 43;

}  // namespace

// clang-format off
constexpr SocketOption<std::string>               device{SOL_SOCKET, SO_BINDTODEVICE, "SO_BINDTODEVICE"};
constexpr SocketOption<bool>                      pass_credentials{SOL_SOCKET, SO_PASSCRED, "SO_PASSCRED"};
constexpr SocketOption<int>                       incoming_cpu{SOL_SOCKET, SO_INCOMING_CPU, "SO_INCOMING_CPU"};

constexpr SocketOption<bool>                      udp_gro{IPPROTO_UDP, UDP_GRO, "UDP_GRO"};

constexpr SocketOption<bool>                      quickack{IPPROTO_TCP, TCP_QUICKACK, "TCP_QUICKACK"};
constexpr SocketOption<std::chrono::seconds>      keepalive_idle{IPPROTO_TCP, TCP_KEEPIDLE, "TCP_KEEPIDLE"};
constexpr SocketOption<std::chrono::seconds>      keepalive_interval{IPPROTO_TCP, TCP_KEEPINTVL, "TCP_KEEPINTVL"};
constexpr SocketOption<std::uint32_t>             keepalive_count{IPPROTO_TCP, TCP_KEEPCNT, "TCP_KEEPCNT"};
constexpr SocketOption<std::chrono::milliseconds> user_timeout{IPPROTO_TCP, TCP_USER_TIMEOUT, "TCP_USER_TIMEOUT"};
constexpr SocketOption<std::string>               congestion{IPPROTO_TCP, TCP_CONGESTION, "TCP_CONGESTION"};
constexpr SocketOption<std::uint32_t>             fastopen{IPPROTO_TCP, TCP_FASTOPEN, "TCP_FASTOPEN"};
constexpr SocketOption<bool>                      fastopen_connect{IPPROTO_TCP, TCP_FASTOPEN_CONNECT, "TCP_FASTOPEN_CONNECT"};
constexpr SocketOption<bool>                      multipath{IPPROTO_TCP, tcp_is_mptcp, "TCP_IS_MPTCP"};
// clang-format on

}  // namespace fid::sockopt
