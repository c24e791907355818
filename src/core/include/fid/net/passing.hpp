// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/handle.hpp>
#include <fid/base/os.hpp>
#include <fid/net/message_op.hpp>
#include <fid/net/peer_cred.hpp>
#include <fid/net/socket_options.hpp>
#include <fid/net/unix_addr.hpp>
#include <fid/reactor/try_when_ready.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

/// Handles and credentials that go along with bytes over a Unix socket.
/// unix(7), SCM_RIGHTS, SCM_CREDENTIALS
namespace fid {

/// What is to go along with bytes that are sent.
///
/// Shape: a view. The handles stay the sender's, are open until the send has ended, and outlive it
/// together with the array that lists them.
class Passing {
 public:
  /// The most handles that one send can take; more fail with invalid_argument.
  static constexpr std::size_t most_handles = 253;

  Passing() noexcept = default;
  explicit Passing(std::span<const Native> handles) noexcept : handles_(handles) {}

  /// Who to be for a receiver that asks. Only what this process is, unless it has the privilege to
  /// say otherwise: fails with operation_not_permitted. Without a process id, with one's own.
  Passing& as(const UCred& sender) noexcept {
    sender_ = sender;
    return *this;
  }

  std::span<const Native> handles() const noexcept { return handles_; }
  const std::optional<UCred>& sender() const noexcept { return sender_; }
  bool empty() const noexcept { return handles_.empty() && !sender_; }

 private:
  std::span<const Native> handles_;
  std::optional<UCred> sender_;
};

/// What was received together.
struct Delivery {
  Delivery() noexcept {}

  std::size_t size = 0;         ///< bytes that found room
  bool cut = false;             ///< it was a message, longer than the room; the rest is lost
  std::vector<Handle> handles;  ///< ours now, in the order they were sent; not inherited by
                                ///< children; blocking or not as the sender had them
  bool handles_cut = false;     ///< there were more, for which there was no room here, or no number
                                ///< left in this process; they are closed
  std::optional<UCred> sender;  ///< who sent it, if set_passes_credentials() is on
  UnixAddr from;                ///< unnamed on connections
};

namespace detail {

/// One call each, which never blocks; EINTR is retried. A platform defines them.
Result<std::size_t> send_passing(Native socket, Bytes message, const Passing& with,
                                 const os::RawAddr* to) noexcept;
Result<Delivery> recv_passing(Native socket, MutableBytes into, std::size_t most_handles) noexcept;

}  // namespace detail

namespace message_call {

/// Bytes sent; what goes along has gone with the first.  sendmsg(2)
struct SendPassing {
  static constexpr Interest interest = Interest::writable;
  Bytes message;
  Passing with;
  Result<std::size_t> operator()(Native socket) const noexcept {
    return detail::send_passing(socket, message, with, nullptr);
  }
};

/// Bytes and what came along.  recvmsg(2)
struct RecvPassing {
  static constexpr Interest interest = Interest::readable;
  MutableBytes into;
  std::size_t most_handles;
  Result<Delivery> operator()(Native socket) const noexcept {
    return detail::recv_passing(socket, into, most_handles);
  }
};

}  // namespace message_call

using SendPassingOp = MessageOp<message_call::SendPassing>;
using RecvPassingOp = MessageOp<message_call::RecvPassing>;

/// Sending and receiving with handles and credentials: derive publicly.
///
/// Cancellation: a cancelled operation has sent or taken nothing.
template <class S>
class PassesHandles {
 public:
  /// Sends bytes and what goes along, together: when any bytes were sent, so were all handles. On a
  /// stream there must be bytes. Fails with invalid_argument, operation_not_permitted,
  /// bad_file_descriptor, and ETOOMANYREFS when too many handles are on their way.
  SendPassingOp send_with(Bytes message, const Passing& with) noexcept {
    return {self().write_readiness(), self().native(), {message, with}};
  }
  /// One attempt if cached as writable.
  Result<std::size_t> try_send_with(Bytes message, const Passing& with) noexcept {
    return try_when_ready(self().write_readiness(), Interest::writable, [&] {
      return detail::send_passing(self().native(), message, with, nullptr);
    });
  }

  /// Receives bytes and what came along; handles beyond `most_handles` are closed. On a stream one
  /// receive gives the handles of one send at most, and the bytes up to the next that has some.
  RecvPassingOp recv_with(MutableBytes into,
                          std::size_t most_handles = Passing::most_handles) noexcept {
    return {self().read_readiness(), self().native(), {into, most_handles}};
  }
  /// One attempt if cached as readable.
  Result<Delivery> try_recv_with(MutableBytes into,
                                 std::size_t most_handles = Passing::most_handles) noexcept {
    return try_when_ready(self().read_readiness(), Interest::readable, [&] {
      return detail::recv_passing(self().native(), into, most_handles);
    });
  }

  /// Whether to be told who sent what is received from now on. SO_PASSCRED
  Result<void> set_passes_credentials(bool on) noexcept {
    return sockopt::set(self().native(), sockopt::pass_credentials, on);
  }
  Result<bool> passes_credentials() noexcept {
    return sockopt::get(self().native(), sockopt::pass_credentials);
  }

 protected:
  ~PassesHandles() = default;

 private:
  S& self() noexcept { return static_cast<S&>(*this); }
};

}  // namespace fid
