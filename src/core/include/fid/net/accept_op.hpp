// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/os.hpp>
#include <fid/reactor/operation.hpp>
#include <fid/reactor/registration.hpp>
#include <fid/reactor/try_when_ready.hpp>

#include <optional>
#include <utility>

namespace fid {

/// Waits for a connection and gives it, registered, with its peer's address.  accept(2)
///
/// Errors: aborted connections, too few descriptors or buffers, network errors that were pending.
/// None of them ends the listener; the next accept tries again at once (G29).
/// Cancellation: a cancelled one has taken nothing; the next one gets that connection.
template <class Stream>
class AcceptOp final : public Awaits<AcceptOp<Stream>> {
 public:
  using Accepted = std::pair<Stream, typename Stream::Address>;

  explicit AcceptOp(const Registration& listener) noexcept
      : Awaits<AcceptOp>(listener.readiness(), Interest::readable), listener_(listener.native()) {}

  Accepted await_resume() { return *std::move(accepted_); }

  /// One attempt if the listener is cached as readable.
  static Result<Accepted> try_accept(const Registration& listener, Caller caller) {
    return try_when_ready(listener.readiness(), Interest::readable,
                          [&] { return accept_from(listener.native(), caller); });
  }

 private:
  static Result<Accepted> accept_from(Native listener, Caller caller) {
    os::RawAddr raw;
    auto socket = os::accept(listener, raw);
    if (!socket) return fail(socket.error());
    auto peer = Stream::Address::from_raw(raw);
    if (!peer) return fail(peer.error());
    auto stream = Stream::from_native(*std::move(socket), caller);
    if (!stream) return fail(stream.error());
    return Accepted(*std::move(stream), *std::move(peer));
  }

  Attempt attempt() noexcept override {
    auto accepted = accept_from(listener_, Caller::here());
    if (!accepted) return this->waits_or_fails(accepted.error());
    accepted_.emplace(*std::move(accepted));
    return Attempt::done;
  }

  Native listener_;
  std::optional<Accepted> accepted_;
};

}  // namespace fid
