// SPDX-License-Identifier: MIT
#include "endpoint/inherited_messages.hpp"

#include <fid/base/os_queue.hpp>
#include <fid/reactor/registration.hpp>

#include <memory>
#include <utility>

namespace fid::endpoint {
namespace {

class InheritedMessages final : public Messages {
 public:
  InheritedMessages(Registration io, bool has_end) : io_(std::move(io)), has_end_(has_end) {}

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
};

}  // namespace

Result<MessagesPtr> inherited_messages(Native number, os::SocketType type) {
  const bool has_end = type != os::SocketType::datagram;
  auto socket = os::duplicate(number);
  if (!socket) return fail(socket.error());
  if (has_end) {
    if (auto marked = os::mark_messages(socket->get()); !marked) return fail(marked.error());
  }
  const auto kind = has_end ? Registration::Kind::stream : Registration::Kind::datagram;
  auto io = Registration::create(std::move(*socket), Interest::readable | Interest::writable, kind);
  if (!io) return fail(io.error());
  return std::make_unique<InheritedMessages>(std::move(*io), has_end);
}

}  // namespace fid::endpoint
