// SPDX-License-Identifier: MIT
#include "endpoint/unix_connection.hpp"

#include "endpoint/acceptor.hpp"
#include "endpoint/retry_timer.hpp"
#include "endpoint/socket_messages.hpp"
#include "endpoint/socket_setup.hpp"

#include <fid/net/peer_cred.hpp>
#include <fid/net/unix_seqpacket.hpp>
#include <fid/net/unix_stream.hpp>
#include <fid/reactor/sleep.hpp>
#include <fid/reactor/with_deadline.hpp>

#include <concepts>
#include <memory>
#include <string>
#include <utility>

namespace fid::endpoint {
namespace {

Result<void> put_into(Connection& connection, UnixStream stream) {
  connection.stream = make_stream(std::move(stream));
  return {};
}

Result<void> put_into(Connection& connection, UnixSeqpacket socket) {
  auto handle = std::move(socket).into_native();
  if (!handle) return fail(handle.error());
  auto messages = socket_messages(*std::move(handle), os::SocketType::seqpacket);
  if (!messages) return fail(messages.error());
  connection.messages = *std::move(messages);
  return {};
}

template <class Socket>
Result<ConnectionPtr> connection_over(Handle connected, bool names) {
  auto socket = Socket::from_native(std::move(connected));
  if (!socket) return fail(socket.error());
  auto connection = std::make_unique<Connection>();
  if (names) {
    if (auto peer = socket->peer_addr()) connection->peer = *std::move(peer);
    if (auto local = socket->local_addr()) connection->local = *std::move(local);
  }
  if (auto put = put_into(*connection, *std::move(socket)); !put) return fail(put.error());
  return connection;
}

/// Takes connections; the path goes before the socket, so that nobody finds it stale meanwhile.
template <class Socket>
class UnixConnections final : public Listener {
 public:
  UnixConnections(Acceptor<Socket> acceptor, UnixAddr where, UnixListening as)
      : acceptor_(std::move(acceptor)),
        where_(std::move(where)),
        scheme_(as.scheme),
        mode_(as.mode),
        file_(std::move(as.file)) {}

  Task<ConnectionPtr> accept() override {
    if (gives_loose_) co_return co_await accept_loose();
    auto [socket, peer] = co_await acceptor_.accept();
    auto connection = std::make_unique<Connection>();
    connection->peer = std::move(peer);
    connection->local = where_;
    if (auto cred = socket.peer_cred()) connection->cred = *cred;
    co_await put_into(*connection, std::move(socket));
    co_return connection;
  }

  std::vector<std::string> urls() const override { return {EndName(where_).url(scheme_)}; }
  std::optional<unsigned> mode() const override { return mode_; }

  /// Messages stay where they are.
  bool give_loose() override {
    gives_loose_ = std::same_as<Socket, UnixStream>;
    return gives_loose_;
  }

 private:
  Task<ConnectionPtr> accept_loose() {
    auto [socket, raw] = co_await acceptor_.take();
    auto connection = std::make_unique<Connection>();
    connection->peer = co_await UnixAddr::from_raw(raw);
    connection->local = where_;
    if (auto cred = peer_cred(socket.get())) connection->cred = *cred;
    connection->loose = loose<UnixStream>(std::move(socket));
    co_return connection;
  }

  Acceptor<Socket> acceptor_;
  UnixAddr where_;
  std::string scheme_;
  std::optional<unsigned> mode_;
  OwnedPath file_;
  bool gives_loose_ = false;
};

template <class Socket>
Result<ListenerPtr> listener_over(Handle listening, UnixListening as) {
  const auto where = os::local_name(listening.get());
  if (!where) return fail(where.error());
  auto name = UnixAddr::from_raw(*where);
  if (!name) return fail(name.error());
  auto acceptor = Acceptor<Socket>::create(std::move(listening));
  if (!acceptor) return fail(acceptor.error());
  return std::make_unique<UnixConnections<Socket>>(*std::move(acceptor), *std::move(name),
                                                   std::move(as));
}

Task<Handle> connect_patiently(const Address& address, os::RawAddr to, os::SocketType type) {
  Handle socket = co_await os::socket(os::Family::local, type);
  co_await set_up_socket(socket.get(), address);
  for (GrowingPause pause;;) {
    const auto connected = os::connect(socket.get(), to);
    if (connected) co_return std::move(socket);
    if (!connected.error().would_block()) co_return fail(connected.error());
    co_await sleep(pause.next());
  }
}

}  // namespace

Task<ConnectionPtr> connect_unix(const Address& address, UnixAddr to, os::SocketType type,
                                 bool names) {
  auto connecting = connect_patiently(address, to.to_raw(), type);
  Handle socket =
      co_await with_deadline(address.duration("connect-timeout"), std::move(connecting));
  if (type == os::SocketType::seqpacket) {
    co_return co_await connection_over<UnixSeqpacket>(std::move(socket), names);
  }
  co_return co_await connection_over<UnixStream>(std::move(socket), names);
}

Result<ListenerPtr> unix_listener(Handle listening, os::SocketType type, UnixListening as) {
  if (type == os::SocketType::seqpacket) {
    return listener_over<UnixSeqpacket>(std::move(listening), std::move(as));
  }
  return listener_over<UnixStream>(std::move(listening), std::move(as));
}

}  // namespace fid::endpoint
