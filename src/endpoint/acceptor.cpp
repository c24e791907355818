// SPDX-License-Identifier: MIT
#include "endpoint/acceptor.hpp"

#include <fid/base/os_queue.hpp>
#include <fid/reactor/workers.hpp>

#include <utility>

namespace fid::endpoint {

Task<void> wait_until_readable(const Registration& socket) {
  Readiness& readiness = socket.readiness();
  for (;;) {
    const std::uint32_t tick = readiness.tick();
    if (co_await os::is_readable(socket.native())) co_return;
    readiness.clear(Interest::readable, tick);
    co_await ReadyOp(readiness, Interest::readable);
  }
}

Task<BlockingAcceptor::Accepted> BlockingAcceptor::accept() {
  while (!taken_) {
    if (calls_.empty()) {
      co_await wait_until_readable(listener_);
      calls_.add(take_one());
    }
    co_await done_.wait();
  }
  Result<Accepted> taken = *std::move(taken_);
  taken_.reset();
  done_.reset();
  co_return co_await std::move(taken);
}

Task<void> BlockingAcceptor::take_one() {
  auto call = [listener = socket_]() -> Result<Accepted> {
    os::RawAddr peer;
    auto socket = os::accept(listener->get(), peer);
    if (!socket) return fail(socket.error());
    return Accepted(*std::move(socket), peer);
  };
  auto calling = on_worker(std::move(call));
  taken_ = co_await as_result(std::move(calling));
  done_.set();
}

Attempt TakeOp::attempt() noexcept {
  os::RawAddr peer;
  auto socket = os::accept(listener_, peer);
  if (!socket) return waits_or_fails(socket.error());
  accepted_.emplace(*std::move(socket), peer);
  return Attempt::done;
}

Result<Acceptor> Acceptor::create(Handle listening) {
  const auto nonblocking = os::is_nonblocking(listening.get());
  if (!nonblocking) return fail(nonblocking.error());
  Handle copy;
  if (!*nonblocking) {
    auto duplicate = os::duplicate(listening.get());
    if (!duplicate) return fail(duplicate.error());
    copy = *std::move(duplicate);
  }
  auto io = Registration::create(std::move(listening), Interest::readable,
                                 Registration::Kind::stream, Ready::readable);
  if (!io) return fail(io.error());
  Acceptor acceptor;
  if (*nonblocking) {
    acceptor.io_ = *std::move(io);
  } else {
    acceptor.blocking_ = std::make_unique<BlockingAcceptor>(*std::move(io), std::move(copy));
  }
  return acceptor;
}

Task<Acceptor::Accepted> Acceptor::accept() {
  if (blocking_) co_return co_await blocking_->accept();
  co_return co_await TakeOp(io_);
}

}  // namespace fid::endpoint
