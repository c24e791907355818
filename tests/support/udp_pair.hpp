// SPDX-License-Identifier: MIT
#pragma once

#include <fid/net/udp_socket.hpp>

#include <string>
#include <utility>

namespace fid::test {

/// Two sockets on loopback, each the other's peer.
struct UdpPair {
  UdpPair(UdpSocket near_end, UdpSocket far_end)
      : near(std::move(near_end)), far(std::move(far_end)) {}
  UdpSocket near;
  UdpSocket far;
};

inline Task<UdpPair> udp_pair(IpAddr host = Ipv4Addr::loopback()) {
  UdpSocket near = co_await UdpSocket::bind(SocketAddr(host, 0));
  UdpSocket far = co_await UdpSocket::bind(SocketAddr(host, 0));
  co_await near.connect(co_await far.local_addr());
  co_await far.connect(co_await near.local_addr());
  co_return UdpPair(std::move(near), std::move(far));
}

/// Holds a port where nobody is heard, so that the system tells senders that it is unreachable.
inline Task<UdpSocket> unreachable_port() {
  UdpSocket deaf = co_await UdpSocket::bind(SocketAddr(Ipv4Addr::loopback(), 0));
  co_await deaf.connect(co_await deaf.local_addr());
  co_return std::move(deaf);
}

/// One datagram, as text.
inline Task<std::string> receive_text(UdpSocket& from, std::size_t most = 64) {
  Buffer bytes(most);
  const std::size_t n = co_await from.recv(bytes);
  co_return std::string(as_text(Bytes(bytes).first(n)));
}

}  // namespace fid::test
