// SPDX-License-Identifier: MIT
#include "endpoint/socket_messages.hpp"

#include <fid/base/os_queue.hpp>
#include <fid/reactor/registration.hpp>

#include <memory>
#include <utility>

namespace fid::endpoint {
namespace {

class SocketMessages final : public Messages {
 public:
  SocketMessages(Registration io, bool has_end, OwnedPath file)
      : io_(std::move(io)), has_end_(has_end), file_(std::move(file)) {}

  Result<Received> attempt_receive(MutableBytes into) override {
    const auto taken = os::recv_message(io_.native(), into, nullptr);
    if (!taken) return fail(taken.error());
    return Received{taken->size, has_end_ && taken->none, taken->cut};
  }
  Readiness& read_readiness() override { return io_.readiness(); }

  Result<void> attempt_send(Bytes message) override {
    const auto sent = os::send(io_.native(), message);
    if (!sent) return fail(sent.error());
    return {};
  }
  Readiness& write_readiness() override { return io_.readiness(); }

  Result<void> attempt_shutdown() override {
    if (!has_end_) return {};
    return os::shutdown(io_.native(), os::Shutdown::write);
  }

 private:
  Registration io_;
  bool has_end_;
  OwnedPath file_;
};

}  // namespace

Result<MessagesPtr> socket_messages(Handle socket, os::SocketType type, OwnedPath file) {
  const bool has_end = type != os::SocketType::datagram;
  if (has_end) {
    if (auto marked = os::mark_messages(socket.get()); !marked) return fail(marked.error());
  }
  const auto kind = has_end ? Registration::Kind::stream : Registration::Kind::datagram;
  auto io = Registration::create(std::move(socket), Interest::readable | Interest::writable, kind,
                                 Ready::readable | Ready::writable);
  if (!io) return fail(io.error());
  return std::make_unique<SocketMessages>(*std::move(io), has_end, std::move(file));
}

}  // namespace fid::endpoint
