// SPDX-License-Identifier: MIT
#include "endpoint/datagrams.hpp"

#include "endpoint/acceptor.hpp"
#include "endpoint/internet_hosts.hpp"
#include "endpoint/retry_timer.hpp"
#include "endpoint/socket_messages.hpp"

#include <fid/base/os_queue.hpp>
#include <fid/reactor/soft_readiness.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace fid::endpoint {
namespace {

/// Nothing if the call that gave `raw` failed: a socket without a peer.
EndName name_of(const Result<os::RawAddr>& raw) {
  if (!raw) return {};
  if (const auto address = SocketAddr::from_raw(*raw)) return canonical(*address);
  if (auto address = UnixAddr::from_raw(*raw)) return *std::move(address);
  return {};
}

/// What a listener and the connection it gave have in common; either may go first.
struct SharedSocket {
  SharedSocket(Registration socket, OwnedPath path)
      : io(std::move(socket)), file(std::move(path)) {}

  Registration io;
  OwnedPath file;
  bool in_use = false;
  Event freed;
};

class AnsweredDatagrams final : public Messages {
 public:
  explicit AnsweredDatagrams(std::shared_ptr<SharedSocket> socket)
      : socket_(std::move(socket)), sendable_(Readiness::Kind::pieces), retry_(*sendable_) {
    socket_->in_use = true;
  }
  ~AnsweredDatagrams() override {
    socket_->in_use = false;
    socket_->freed.wake_all();
  }

  Result<Received> attempt_receive(MutableBytes into) override {
    os::RawAddr from;
    const auto taken = os::recv_message(socket_->io.native(), into, &from);
    if (!taken) return fail(taken.error());
    peer_ = from;
    sendable_->set(Ready::writable);
    return Received{taken->size, false, taken->cut};
  }
  Readiness& read_readiness() override { return socket_->io.readiness(); }

  Result<void> attempt_send(Bytes message) override;
  Readiness& write_readiness() override { return *sendable_; }
  Result<void> attempt_shutdown() override { return {}; }

 private:
  std::shared_ptr<SharedSocket> socket_;
  std::optional<os::RawAddr> peer_;
  // The system does not tell when there is room at a peer that we are not connected to.
  SoftReadiness sendable_;
  RetryTimer retry_;
};

Result<void> AnsweredDatagrams::attempt_send(Bytes message) {
  if (!peer_) return fail(std::errc::resource_unavailable_try_again, "sendto");
  const auto name = UnixAddr::from_raw(*peer_);
  if (name && name->is_unnamed()) return fail(std::errc::destination_address_required, "sendto");
  const auto sent = os::send_to(socket_->io.native(), message, *peer_);
  if (sent) {
    retry_.reset();
    return {};
  }
  if (sent.error().would_block()) retry_.start();
  return fail(sent.error());
}

class DatagramListener final : public Listener {
 public:
  DatagramListener(std::shared_ptr<SharedSocket> socket, EndName where, std::string_view scheme,
                   std::optional<unsigned> mode)
      : socket_(std::move(socket)), where_(std::move(where)), scheme_(scheme), mode_(mode) {}

  Task<ConnectionPtr> accept() override {
    while (socket_->in_use) co_await socket_->freed.wait();
    co_await wait_until_readable(socket_->io);
    auto connection = std::make_unique<Connection>();
    connection->messages = std::make_unique<AnsweredDatagrams>(socket_);
    connection->tells_end = false;
    connection->local = where_;
    co_return connection;
  }

  std::vector<std::string> urls() const override { return {where_.url(scheme_)}; }
  std::optional<unsigned> mode() const override { return mode_; }

 private:
  std::shared_ptr<SharedSocket> socket_;
  EndName where_;
  std::string scheme_;
  std::optional<unsigned> mode_;
};

}  // namespace

Result<ConnectionPtr> datagram_connection(BoundPath socket) {
  auto connection = std::make_unique<Connection>();
  connection->tells_end = false;
  connection->peer = name_of(os::peer_name(socket.socket.get()));
  connection->local = name_of(os::local_name(socket.socket.get()));
  auto messages =
      socket_messages(std::move(socket.socket), os::SocketType::datagram, std::move(socket.file));
  if (!messages) return fail(messages.error());
  connection->messages = *std::move(messages);
  return connection;
}

Result<ListenerPtr> datagram_listener(BoundPath socket, std::string_view scheme,
                                      std::optional<unsigned> mode) {
  EndName where = name_of(os::local_name(socket.socket.get()));
  auto io = Registration::create(std::move(socket.socket), Interest::readable | Interest::writable,
                                 Registration::Kind::datagram, Ready::readable | Ready::writable);
  if (!io) return fail(io.error());
  auto shared = std::make_shared<SharedSocket>(*std::move(io), std::move(socket.file));
  return std::make_unique<DatagramListener>(std::move(shared), std::move(where), scheme, mode);
}

}  // namespace fid::endpoint
