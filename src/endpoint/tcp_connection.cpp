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

  Task<ConnectionPtr> accept() override {
    if (gives_loose_) co_return co_await accept_loose();
    auto [stream, peer] = co_await acceptor_.accept();
    auto connection = std::make_unique<Connection>();
    connection->peer = canonical(peer);
    // Asked for only where the listener's own address does not say it.
    connection->local = where_.ip().is_unspecified() ? name_of(stream.local_addr()) : where_;
    connection->stream = make_stream(std::move(stream));
    co_return connection;
  }

  std::vector<std::string> urls() const override { return {EndName(where_).url(scheme_)}; }

  bool give_loose() override {
    gives_loose_ = true;
    return true;
  }

 private:
  Task<ConnectionPtr> accept_loose() {
    auto [socket, raw] = co_await acceptor_.take();
    const SocketAddr peer = co_await SocketAddr::from_raw(raw);
    auto connection = std::make_unique<Connection>();
    connection->peer = canonical(peer);
    connection->local = where_.ip().is_unspecified()
                            ? name_of(detail::local_addr<SocketAddr>(socket.get()))
                            : where_;
    connection->loose = loose<TcpStream>(std::move(socket));
    co_return connection;
  }

  Acceptor<TcpStream> acceptor_;
  SocketAddr where_;
  std::string scheme_;
  bool gives_loose_ = false;
};

}  // namespace

ConnectionPtr tcp_connection(TcpStream stream, bool names) {
  auto connection = std::make_unique<Connection>();
  if (names) {
    connection->peer = name_of(stream.peer_addr());
    connection->local = name_of(stream.local_addr());
  }
  connection->stream = make_stream(std::move(stream));
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
