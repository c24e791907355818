// SPDX-License-Identifier: MIT
#include "endpoint/tcp_connection.hpp"

#include "endpoint/acceptor.hpp"
#include "endpoint/internet_hosts.hpp"

#include <memory>
#include <utility>

namespace fid::endpoint {
namespace {

EndName name_of(const Result<SocketAddr>& address) {
  return address ? EndName(canonical(*address)) : EndName();
}

class TcpConnections final : public Listener {
 public:
  TcpConnections(Acceptor<TcpStream> acceptor, const SocketAddr& where, std::string_view scheme)
      : acceptor_(std::move(acceptor)), where_(where), scheme_(scheme) {}

  Task<Connection> accept() override {
    auto [stream, peer] = co_await acceptor_.accept();
    Connection connection;
    connection.peer = canonical(peer);
    // Asked for only where the listener's own address does not say it.
    connection.local = where_.ip().is_unspecified() ? name_of(stream.local_addr()) : where_;
    connection.stream = make_stream(std::move(stream));
    co_return connection;
  }

  std::vector<std::string> urls() const override { return {EndName(where_).url(scheme_)}; }

 private:
  Acceptor<TcpStream> acceptor_;
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

Result<ListenerPtr> tcp_listener(Handle listening, std::string_view scheme) {
  const auto where = detail::local_addr<SocketAddr>(listening.get());
  if (!where) return fail(where.error());
  auto acceptor = Acceptor<TcpStream>::create(std::move(listening));
  if (!acceptor) return fail(acceptor.error());
  return std::make_unique<TcpConnections>(*std::move(acceptor), *where, scheme);
}

}  // namespace fid::endpoint
