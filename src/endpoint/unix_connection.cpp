// SPDX-License-Identifier: MIT
#include "endpoint/unix_connection.hpp"

#include "endpoint/socket_setup.hpp"

#include <fid/net/accept_op.hpp>
#include <fid/net/stream_socket.hpp>
#include <fid/reactor/sleep.hpp>
#include <fid/reactor/with_deadline.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace fid::endpoint {
namespace {

using namespace std::chrono_literals;

class ByteSocket final : public StreamSocket<ByteSocket, UnixAddr> {
 public:
  static Result<ByteSocket> from_native(Handle socket) {
    auto io = Registration::create(std::move(socket), Interest::readable | Interest::writable,
                                   Registration::Kind::pieces, Ready::readable | Ready::writable);
    if (!io) return fail(io.error());
    return ByteSocket(*std::move(io));
  }

  Result<void> attempt_shutdown() noexcept {
    const Result<void> done = os::shutdown(native(), os::Shutdown::write);
    if (!done && done.error().code == std::errc::not_connected) return {};
    return done;
  }

  void into(Connection& connection) && { connection.stream = make_stream(std::move(*this)); }

 private:
  explicit ByteSocket(Registration io) noexcept : StreamSocket(std::move(io)) {}
};

template <class Socket>
Result<Connection> connection_over(Handle connected) {
  auto socket = Socket::from_native(std::move(connected));
  if (!socket) return fail(socket.error());
  Connection connection;
  if (auto peer = socket->peer_addr()) connection.peer = *std::move(peer);
  if (auto local = socket->local_addr()) connection.local = *std::move(local);
  std::move(*socket).into(connection);
  return connection;
}

/// Takes connections; the path goes before the socket, so that nobody finds it stale meanwhile.
template <class Socket>
class UnixConnections final : public Listener {
 public:
  UnixConnections(Registration io, UnixAddr where, UnixListening as)
      : io_(std::move(io)),
        where_(std::move(where)),
        scheme_(as.scheme),
        mode_(as.mode),
        file_(std::move(as.file)) {}

  Task<Connection> accept() override {
    auto [socket, peer] = co_await AcceptOp<Socket>(io_);
    Connection connection;
    connection.peer = std::move(peer);
    connection.local = where_;
    if (auto cred = peer_cred(socket.native())) connection.cred = *cred;
    std::move(socket).into(connection);
    co_return connection;
  }

  std::vector<std::string> urls() const override { return {EndName(where_).url(scheme_)}; }
  std::optional<unsigned> mode() const override { return mode_; }

 private:
  Registration io_;
  UnixAddr where_;
  std::string scheme_;
  std::optional<unsigned> mode_;
  OwnedPath file_;
};

template <class Socket>
Result<ListenerPtr> listener_over(Handle listening, UnixListening as) {
  auto where = os::local_name(listening.get());
  if (!where) return fail(where.error());
  auto name = UnixAddr::from_raw(*where);
  if (!name) return fail(name.error());
  auto io = Registration::create(std::move(listening), Interest::readable,
                                 Registration::Kind::stream, Ready::readable);
  if (!io) return fail(io.error());
  return std::make_unique<UnixConnections<Socket>>(*std::move(io), *std::move(name), std::move(as));
}

Task<Handle> connect_patiently(const Address& address, os::RawAddr to, os::SocketType type) {
  Handle socket = co_await os::socket(os::Family::local, type);
  co_await set_up_socket(socket.get(), address);
  for (Duration pause = 1ms;; pause = std::min<Duration>(2 * pause, 100ms)) {
    const auto connected = os::connect(socket.get(), to);
    if (connected) co_return std::move(socket);
    if (!connected.error().would_block()) co_return fail(connected.error());
    co_await sleep(pause);
  }
}

}  // namespace

Task<Connection> connect_unix(const Address& address, UnixAddr to) {
  auto connecting = connect_patiently(address, to.to_raw(), os::SocketType::stream);
  Handle socket =
      co_await with_deadline(address.duration("connect-timeout"), std::move(connecting));
  co_return co_await connection_over<ByteSocket>(std::move(socket));
}

Result<ListenerPtr> unix_listener(Handle listening, UnixListening as) {
  return listener_over<ByteSocket>(std::move(listening), std::move(as));
}

}  // namespace fid::endpoint
