// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/endpoint.hpp"

#include <fid/base/os.hpp>
#include <fid/io/stream.hpp>
#include <fid/net/accept_op.hpp>
#include <fid/reactor/registration.hpp>
#include <fid/task/event.hpp>
#include <fid/task/task.hpp>
#include <fid/task/task_group.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace fid::endpoint {

/// Waits until something can be taken from a socket at this moment, also one that blocks.
Task<void> wait_until_readable(const Registration& socket);

/// Accepts on a listening socket that blocks, and leaves it so: whoever else has it may rely on it.
///
/// Between the look at the queue and accept(2) another process may take the connection, and then
/// the call blocks until the next one comes. No flag prevents that, and a time limit would be
/// everybody's, so a worker makes the call, which has nothing better to do. Were this destroyed
/// just then, the worker would take that next connection and close it.
///
/// Shape: stays put; destroying it abandons the call.
/// Cancellation: a connection that arrives after its accept() was cancelled is for the next one.
class BlockingAcceptor {
 public:
  using Accepted = std::pair<Handle, os::RawAddr>;

  /// `socket` is `listener` once more, for a call that may outlast this.
  BlockingAcceptor(Registration listener, Handle socket)
      : listener_(std::move(listener)),
        socket_(std::make_shared<const Handle>(std::move(socket))) {}

  Task<Accepted> accept();

 private:
  Task<void> take_one();

  Registration listener_;
  std::shared_ptr<const Handle> socket_;
  std::optional<Result<Accepted>> taken_;
  Event done_;
  TaskGroup calls_;  // at most one
};

/// One accept(2) that registers nothing. Cancelled, it has taken nothing.
class TakeOp final : public Awaits<TakeOp> {
 public:
  using Accepted = BlockingAcceptor::Accepted;

  explicit TakeOp(const Registration& listener) noexcept
      : Awaits(listener.readiness(), Interest::readable), listener_(listener.native()) {}

  Accepted await_resume() { return *std::move(accepted_); }

 private:
  Attempt attempt() noexcept override {
    os::RawAddr peer;
    auto socket = os::accept(listener_, peer);
    if (!socket) return waits_or_fails(socket.error());
    accepted_.emplace(*std::move(socket), peer);
    return Attempt::done;
  }

  Native listener_;
  std::optional<Accepted> accepted_;
};

/// Leaves a socket to whichever thread serves it.
template <class Stream>
std::unique_ptr<LooseSocket> loose(Handle socket) {
  constexpr auto adopt = [](Handle handle) -> Result<StreamPtr> {
    auto stream = Stream::from_native(std::move(handle));
    if (!stream) return fail(stream.error());
    return make_stream(*std::move(stream));
  };
  return std::make_unique<LooseSocket>(LooseSocket{std::move(socket), adopt});
}

/// Accepts on any listening socket, in the mode it is in.
template <class Stream>
class Acceptor {
 public:
  using Accepted = std::pair<Stream, typename Stream::Address>;

  static Result<Acceptor> create(Handle listening) {
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

  Task<Accepted> accept() {
    if (!blocking_) co_return co_await AcceptOp<Stream>(io_);
    auto [socket, raw] = co_await blocking_->accept();
    auto peer = co_await Stream::Address::from_raw(raw);
    Stream stream = co_await Stream::from_native(std::move(socket));
    co_return Accepted(std::move(stream), std::move(peer));
  }

  /// The same, as a socket that is not watched.
  Task<BlockingAcceptor::Accepted> take() {
    if (blocking_) co_return co_await blocking_->accept();
    co_return co_await TakeOp(io_);
  }

 private:
  Acceptor() = default;

  Registration io_;
  std::unique_ptr<BlockingAcceptor> blocking_;
};

}  // namespace fid::endpoint
