// SPDX-License-Identifier: MIT
#include "endpoint/unix_connection.hpp"

#include "endpoint/acceptor.hpp"
#include "endpoint/retry_timer.hpp"
#include "endpoint/socket_messages.hpp"
#include "endpoint/socket_setup.hpp"

#include <fid/net/peer_cred.hpp>
#include <fid/net/socket_names.hpp>
#include <fid/net/unix_stream.hpp>
#include <fid/reactor/sleep.hpp>
#include <fid/reactor/with_deadline.hpp>

#include <memory>
#include <string>
#include <utility>

namespace fid::endpoint {
namespace {

template <class Addr>
EndName name_of(Result<Addr> address) {
  return address ? EndName(*std::move(address)) : EndName();
}

Result<ConnectionPtr> connection_over(Handle socket, os::SocketType type, bool names) {
  auto connection = std::make_unique<Connection>();
  if (names) {
    connection->peer = name_of(detail::peer_addr<UnixAddr>(socket.get()));
    connection->local = name_of(detail::local_addr<UnixAddr>(socket.get()));
  }
  if (type == os::SocketType::stream) {
    connection->loose = loose<UnixStream>(std::move(socket));
    if (auto adopted = connection->adopt(); !adopted) return fail(adopted.error());
  } else {
    auto messages = socket_messages(std::move(socket), type);
    if (!messages) return fail(messages.error());
    connection->messages = *std::move(messages);
  }
  return connection;
}

/// Takes connections; the path goes before the socket, so that nobody finds it stale meanwhile.
class UnixConnections final : public Listener {
 public:
  UnixConnections(Acceptor acceptor, os::SocketType type, UnixAddr where, UnixListening as)
      : acceptor_(std::move(acceptor)),
        type_(type),
        where_(std::move(where)),
        scheme_(as.scheme),
        mode_(as.mode),
        file_(std::move(as.file)) {}

  Task<ConnectionPtr> accept() override {
    auto [socket, raw] = co_await acceptor_.accept();
    auto connection = std::make_unique<Connection>();
    connection->peer = co_await UnixAddr::from_raw(raw);
    connection->local = where_;
    if (auto cred = peer_cred(socket.get())) connection->cred = *cred;
    if (type_ == os::SocketType::stream) {
      connection->loose = loose<UnixStream>(std::move(socket));
    } else {
      connection->messages = co_await socket_messages(std::move(socket), type_);
    }
    co_return connection;
  }

  /// Messages stay where they are.
  bool for_any_thread() const override { return type_ == os::SocketType::stream; }
  std::vector<std::string> urls() const override { return {EndName(where_).url(scheme_)}; }
  std::optional<unsigned> mode() const override { return mode_; }

 private:
  Acceptor acceptor_;
  os::SocketType type_;
  UnixAddr where_;
  std::string scheme_;
  std::optional<unsigned> mode_;
  OwnedPath file_;
};

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
  co_return co_await connection_over(std::move(socket), type, names);
}

Result<ListenerPtr> unix_listener(Handle listening, os::SocketType type, UnixListening as) {
  auto where = detail::local_addr<UnixAddr>(listening.get());
  if (!where) return fail(where.error());
  auto acceptor = Acceptor::create(std::move(listening));
  if (!acceptor) return fail(acceptor.error());
  return std::make_unique<UnixConnections>(*std::move(acceptor), type, *std::move(where),
                                           std::move(as));
}

}  // namespace fid::endpoint
