// SPDX-License-Identifier: MIT
#include "endpoint/tcp_connection.hpp"

#include <memory>
#include <utility>

namespace fid::endpoint {
namespace {

/// An IPv4 peer of a socket of both families is known by its IPv4 address.
SocketAddr canonical(const SocketAddr& address) {
  const IpAddr ip = address.ip().to_canonical();
  return ip.is_ipv4() ? SocketAddr(ip, address.port()) : address;
}

EndName name_of(const Result<SocketAddr>& address) {
  return address ? EndName(canonical(*address)) : EndName();
}

class TcpConnections final : public Listener {
 public:
  TcpConnections(TcpListener listener, const SocketAddr& where, std::string_view scheme)
      : listener_(std::move(listener)), where_(where), scheme_(scheme) {}

  Task<Connection> accept() override {
    auto [stream, peer] = co_await listener_.accept();
    Connection connection;
    connection.peer = canonical(peer);
    // Asked for only where the listener's own address does not say it.
    connection.local = where_.ip().is_unspecified() ? name_of(stream.local_addr()) : where_;
    connection.stream = make_stream(std::move(stream));
    co_return connection;
  }

  std::vector<std::string> urls() const override { return {EndName(where_).url(scheme_)}; }

 private:
  TcpListener listener_;
  SocketAddr where_;
  std::string scheme_;
};

}  // namespace

Connection tcp_connection(TcpStream stream) {
  Connection connection;
  connection.peer = name_of(stream.peer_addr());
  connection.local = name_of(stream.local_addr());
  connection.stream = make_stream(std::move(stream));
  return connection;
}

Result<ListenerPtr> tcp_listener(TcpListener listener, std::string_view scheme) {
  const auto where = listener.local_addr();
  if (!where) return fail(where.error());
  return std::make_unique<TcpConnections>(std::move(listener), *where, scheme);
}

}  // namespace fid::endpoint
