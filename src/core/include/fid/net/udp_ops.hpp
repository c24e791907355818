// SPDX-License-Identifier: MIT
#pragma once

#include <fid/net/message_op.hpp>
#include <fid/net/socket_addr.hpp>

#include <cstddef>
#include <utility>

namespace fid {

namespace message_call {

/// Bytes sent: the whole message.  sendto(2)
struct SendTo {
  static constexpr Interest interest = Interest::writable;
  Bytes message;
  SocketAddr to;
  Result<std::size_t> operator()(Native socket) const noexcept {
    return os::send_to(socket, message, to.to_raw());
  }
};

/// RecvFrom, leaving the message where it is.  recvfrom(2), MSG_PEEK
struct PeekFrom {
  static constexpr Interest interest = Interest::readable;
  MutableBytes into;
  Result<std::pair<std::size_t, SocketAddr>> operator()(Native socket) const noexcept {
    os::RawAddr from;
    const auto count = os::peek_from(socket, into, from);
    return with_sender<SocketAddr>(count, from);
  }
};

/// Who sent the next message.  recvfrom(2), MSG_PEEK
struct PeekSender {
  static constexpr Interest interest = Interest::readable;
  Result<SocketAddr> operator()(Native socket) const noexcept {
    return PeekFrom{MutableBytes()}(socket).map([](const auto& peeked) { return peeked.second; });
  }
};

}  // namespace message_call

using SendToOp = MessageOp<message_call::SendTo>;
using PeekFromOp = MessageOp<message_call::PeekFrom>;
using PeekSenderOp = MessageOp<message_call::PeekSender>;

}  // namespace fid
