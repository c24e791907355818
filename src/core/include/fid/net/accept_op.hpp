// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/os.hpp>
#include <fid/reactor/operation.hpp>
#include <fid/reactor/registration.hpp>

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

 private:
  Attempt attempt() noexcept override {
    os::RawAddr raw;
    auto socket = os::accept(listener_, raw);
    if (!socket) return this->waits_or_fails(socket.error());
    auto peer = Stream::Address::from_raw(raw);
    if (!peer) return this->fails(peer.error());
    auto stream = Stream::from_native(*std::move(socket));
    if (!stream) return this->fails(stream.error());
    accepted_.emplace(*std::move(stream), *std::move(peer));
    return Attempt::done;
  }

  Native listener_;
  std::optional<Accepted> accepted_;
};

}  // namespace fid
