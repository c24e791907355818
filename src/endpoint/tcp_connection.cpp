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
  TcpConnections(Acceptor acceptor, const SocketAddr& where, std::string_view scheme)
      : acceptor_(std::move(acceptor)), where_(where), scheme_(scheme) {}

  Task<ConnectionPtr> accept() override {
    auto [socket, raw] = co_await acceptor_.accept();
    const SocketAddr peer = co_await SocketAddr::from_raw(raw);
    auto connection = std::make_unique<Connection>();
    connection->peer = canonical(peer);
    // Asked for only where the listener's own address does not say it.
    connection->local = where_.ip().is_unspecified()
                            ? name_of(detail::local_addr<SocketAddr>(socket.get()))
                            : where_;
    connection->loose = loose<TcpStream>(std::move(socket));
    co_return connection;
  }

  bool for_any_thread() const override { return true; }
  std::vector<std::string> urls() const override { return {EndName(where_).url(scheme_)}; }

 private:
  Acceptor acceptor_;
  SocketAddr where_;
  std::string scheme_;
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
  auto acceptor = Acceptor::create(std::move(listening));
  if (!acceptor) return fail(acceptor.error());
  return std::make_unique<TcpConnections>(*std::move(acceptor), *where, scheme);
}

}  // namespace fid::endpoint
