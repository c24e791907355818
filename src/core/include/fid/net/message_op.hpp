// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/os.hpp>
#include <fid/base/os_queue.hpp>
#include <fid/io/spare_room.hpp>
#include <fid/reactor/operation.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace fid {

/// One call that sends or receives messages, made when its socket is ready and made again while it
/// would block.
///
/// Shape: movable until it is awaited. `Call` gives a Result for a native socket, and knows which
/// readiness it is for. Cancellation: a cancelled one has sent or taken nothing.
template <class Call>
class MessageOp final : public Awaits<MessageOp<Call>> {
 public:
  using Value = typename std::invoke_result_t<const Call&, Native>::value_type;
  // GCC 12 may destroy such a thing twice: see the rules for operations.
  static_assert(std::is_trivially_destructible_v<Call>);

  MessageOp(Readiness& readiness, Native socket, const Call& call) noexcept
      : Awaits<MessageOp>(readiness, Call::interest), socket_(socket), call_(call) {}

  /// What the call gave: see there.
  Value await_resume() { return std::move(value_); }

 private:
  Attempt attempt() noexcept override {
    Result<Value> made = call_(socket_);
    if (!made) return this->waits_or_fails(made.error());
    value_ = *std::move(made);
    return Attempt::done;
  }

  Native socket_;
  Call call_;
  Value value_{};
};

/// How much of a message came: `cut` if it was longer than the buffer, and the rest is lost.
struct Arrival {
  std::size_t size = 0;
  bool cut = false;
  friend bool operator==(const Arrival&, const Arrival&) = default;
};

/// The calls that operations on messages make, each once for an attempt.
namespace message_call {

/// Bytes sent: the whole message.  send(2)
struct Send {
  static constexpr Interest interest = Interest::writable;
  Bytes message;
  Result<std::size_t> operator()(Native socket) const noexcept { return os::send(socket, message); }
};

/// Bytes of the message that found room.  recv(2)
struct Recv {
  static constexpr Interest interest = Interest::readable;
  MutableBytes into;
  Result<std::size_t> operator()(Native socket) const noexcept { return os::recv(socket, into); }
};

/// Recv, leaving the message where it is.  recv(2), MSG_PEEK
struct Peek {
  static constexpr Interest interest = Interest::readable;
  MutableBytes into;
  Result<std::size_t> operator()(Native socket) const noexcept { return os::peek(socket, into); }
};

/// Bytes appended to a buffer: as many as its spare capacity held.  recv(2)
struct RecvBuf {
  static constexpr Interest interest = Interest::readable;
  Buffer* into;
  Result<std::size_t> operator()(Native socket) const {
    return detail::read_into_spare_room(
        *into, [socket](MutableBytes room) { return os::recv(socket, room); });
  }
};

/// The same as Recv, telling whether the message was cut.  recvmsg(2)
struct RecvArrival {
  static constexpr Interest interest = Interest::readable;
  MutableBytes into;
  Result<Arrival> operator()(Native socket) const noexcept {
    return os::recv_message(socket, into, nullptr).map([](const os::ReceivedMessage& taken) {
      return Arrival{taken.size, taken.cut};
    });
  }
};

/// `count` with the address that `raw` is.
template <class Addr, class Count>
Result<std::pair<Count, Addr>> with_sender(const Result<Count>& count, const os::RawAddr& raw) {
  if (!count) return fail(count.error());
  auto sender = Addr::from_raw(raw);
  if (!sender) return fail(sender.error());
  return std::pair<Count, Addr>(*count, *std::move(sender));
}

/// Recv, and who sent it.  recvfrom(2)
template <class Addr>
struct RecvFrom {
  static constexpr Interest interest = Interest::readable;
  MutableBytes into;
  Result<std::pair<std::size_t, Addr>> operator()(Native socket) const {
    os::RawAddr from;
    const auto count = os::recv_from(socket, into, from);
    return with_sender<Addr>(count, from);
  }
};

/// RecvBuf, and who sent it.  recvfrom(2)
template <class Addr>
struct RecvBufFrom {
  static constexpr Interest interest = Interest::readable;
  Buffer* into;
  Result<std::pair<std::size_t, Addr>> operator()(Native socket) const {
    os::RawAddr from;
    const auto count = detail::read_into_spare_room(
        *into, [&](MutableBytes room) { return os::recv_from(socket, room, from); });
    return with_sender<Addr>(count, from);
  }
};

/// RecvArrival, and who sent it.  recvmsg(2)
template <class Addr>
struct RecvArrivalFrom {
  static constexpr Interest interest = Interest::readable;
  MutableBytes into;
  Result<std::pair<Arrival, Addr>> operator()(Native socket) const {
    os::RawAddr from;
    const auto taken = os::recv_message(socket, into, &from);
    if (!taken) return fail(taken.error());
    return with_sender<Addr>(Result<Arrival>(Arrival{taken->size, taken->cut}), from);
  }
};

}  // namespace message_call

using SendOp = MessageOp<message_call::Send>;
using RecvOp = MessageOp<message_call::Recv>;
using PeekOp = MessageOp<message_call::Peek>;
using RecvBufOp = MessageOp<message_call::RecvBuf>;
using RecvArrivalOp = MessageOp<message_call::RecvArrival>;
template <class Addr>
using RecvFromOp = MessageOp<message_call::RecvFrom<Addr>>;
template <class Addr>
using RecvBufFromOp = MessageOp<message_call::RecvBufFrom<Addr>>;
template <class Addr>
using RecvArrivalFromOp = MessageOp<message_call::RecvArrivalFrom<Addr>>;

}  // namespace fid
