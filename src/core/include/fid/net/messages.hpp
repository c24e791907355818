// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/os.hpp>
#include <fid/io/read_write.hpp>
#include <fid/io/spare_room.hpp>
#include <fid/net/message_op.hpp>

#include <cstddef>
#include <utility>

namespace fid {

namespace detail {

/// `call` as an operation on a socket.
template <class S, class Call>
MessageOp<Call> message_op(S& socket, const Call& call) noexcept {
  constexpr bool sends = Call::interest == Interest::writable;
  return {sends ? socket.write_readiness() : socket.read_readiness(), socket.native(), call};
}

/// One attempt at `call`, if the socket is cached as ready for it (G7).
template <class S, class Call>
auto try_message_call(S& socket, const Call& call) {
  constexpr bool sends = Call::interest == Interest::writable;
  return try_when_ready(sends ? socket.write_readiness() : socket.read_readiness(), Call::interest,
                        [&] { return call(socket.native()); });
}

}  // namespace detail

/// Sending to and receiving from a connected peer, message by message: derive publicly.
///
/// A message is sent whole or not at all. One that is longer than the buffer it is received into
/// is cut and the rest lost; recv_arrival() tells so. An empty message is 0 bytes, and no end.
/// Cancellation: a cancelled operation has sent or taken nothing.
template <class S>
class Messages {
 public:
  /// Waits while there is no room: of ours, or in the queue of a peer on this machine. Fails with
  /// not_connected, destination_address_required, connection_refused, broken_pipe, message_size.
  SendOp send(Bytes message) noexcept {
    return detail::message_op(self(), message_call::Send{message});
  }
  /// One attempt if cached as writable.
  Result<std::size_t> try_send(Bytes message) {
    return detail::try_message_call(self(), message_call::Send{message});
  }

  /// Waits for a message and gives its size, as far as there was room. Fails with not_connected,
  /// and with what the network says of earlier ones.
  RecvOp recv(MutableBytes into) noexcept {
    return detail::message_op(self(), message_call::Recv{into});
  }
  /// One attempt if cached as readable.
  Result<std::size_t> try_recv(MutableBytes into) {
    return detail::try_message_call(self(), message_call::Recv{into});
  }
  /// Tells also whether the message was cut.
  RecvArrivalOp recv_arrival(MutableBytes into) noexcept {
    return detail::message_op(self(), message_call::RecvArrival{into});
  }
  Result<Arrival> try_recv_arrival(MutableBytes into) {
    return detail::try_message_call(self(), message_call::RecvArrival{into});
  }
  /// Appends to `into` what its spare capacity holds; some is made if there is none.
  RecvBufOp recv_buf(Buffer& into) noexcept {
    return detail::message_op(self(), message_call::RecvBuf{&into});
  }
  Result<std::size_t> try_recv_buf(Buffer& into) {
    return detail::try_message_call(self(), message_call::RecvBuf{&into});
  }

  /// Waits for a message, or for the end. May be spurious: follow with try_recv(), in a loop.
  ReadyOp readable() noexcept { return ReadyOp(self().read_readiness(), Interest::readable); }
  /// Waits for room.
  ReadyOp writable() noexcept { return ReadyOp(self().write_readiness(), Interest::writable); }

  /// One call, which never blocks.
  Result<std::size_t> attempt_send(Bytes message) noexcept {
    return os::send(self().native(), message);
  }
  Result<std::size_t> attempt_recv(MutableBytes into) noexcept {
    return os::recv(self().native(), into);
  }

 protected:
  ~Messages() = default;

 private:
  S& self() noexcept { return static_cast<S&>(*this); }
};

/// Receiving with the sender's address, for a socket that takes messages from anybody: derive
/// publicly. What holds of Messages holds here.
template <class S, class Addr>
class MessagesFromAnybody {
 public:
  /// One message and its sender: `auto [size, sender] = co_await socket.recv_from(buffer);`
  RecvFromOp<Addr> recv_from(MutableBytes into) noexcept {
    return detail::message_op(self(), message_call::RecvFrom<Addr>{into});
  }
  /// One attempt if cached as readable.
  Result<std::pair<std::size_t, Addr>> try_recv_from(MutableBytes into) {
    return detail::try_message_call(self(), message_call::RecvFrom<Addr>{into});
  }
  /// Tells also whether the message was cut.
  RecvArrivalFromOp<Addr> recv_arrival_from(MutableBytes into) noexcept {
    return detail::message_op(self(), message_call::RecvArrivalFrom<Addr>{into});
  }
  Result<std::pair<Arrival, Addr>> try_recv_arrival_from(MutableBytes into) {
    return detail::try_message_call(self(), message_call::RecvArrivalFrom<Addr>{into});
  }
  /// Appends the message to `into`, as far as its spare capacity holds it; some is made if there is
  /// none.
  RecvBufFromOp<Addr> recv_buf_from(Buffer& into) noexcept {
    return detail::message_op(self(), message_call::RecvBufFrom<Addr>{&into});
  }
  Result<std::pair<std::size_t, Addr>> try_recv_buf_from(Buffer& into) {
    return detail::try_message_call(self(), message_call::RecvBufFrom<Addr>{&into});
  }

 protected:
  ~MessagesFromAnybody() = default;

 private:
  S& self() noexcept { return static_cast<S&>(*this); }
};

}  // namespace fid
