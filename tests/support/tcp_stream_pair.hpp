// SPDX-License-Identifier: MIT
#pragma once

#include <fid/net/tcp_listener.hpp>
#include <fid/net/tcp_stream.hpp>
#include <fid/task/race.hpp>

#include <tuple>
#include <utility>

namespace fid::test {

inline SocketAddr loopback(std::uint16_t port = 0) {
  return {Ipv4Addr::loopback(), port};
}

/// Two ends of a connection over loopback: the one that connected, the one that was accepted.
struct TcpPair {
  TcpPair(TcpStream near_end, TcpStream far_end)
      : near(std::move(near_end)), far(std::move(far_end)) {}
  TcpStream near;
  TcpStream far;
};

inline Task<TcpPair> tcp_stream_pair() {
  const TcpListener listener = co_await TcpListener::bind(loopback());
  const SocketAddr where = co_await listener.local_addr();
  auto ends = co_await all(TcpStream::connect(where), listener.accept());
  co_return TcpPair(std::move(std::get<0>(ends)), std::move(std::get<1>(ends).first));
}

}  // namespace fid::test
