// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/endpoint.hpp"

#include <fid/base/os.hpp>
#include <fid/io/stream.hpp>
#include <fid/reactor/operation.hpp>
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
  Attempt attempt() noexcept override;

  Native listener_;
  std::optional<Accepted> accepted_;
};

/// Accepts on any listening socket, in the mode it is in. What it gives is not watched yet.
class Acceptor {
 public:
  using Accepted = BlockingAcceptor::Accepted;

  static Result<Acceptor> create(Handle listening);

  Task<Accepted> accept();

 private:
  Acceptor() = default;

  Registration io_;
  std::unique_ptr<BlockingAcceptor> blocking_;
};

/// Leaves a socket to whichever thread serves it.
template <class Stream>
LooseSocket loose(Handle socket) {
  constexpr auto adopt = [](Handle handle) -> Result<StreamPtr> {
    auto stream = Stream::from_native(std::move(handle));
    if (!stream) return fail(stream.error());
    return make_stream(*std::move(stream));
  };
  return LooseSocket{std::move(socket), adopt};
}

}  // namespace fid::endpoint
