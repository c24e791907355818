// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/os_batch.hpp>
#include <fid/net/message_op.hpp>
#include <fid/net/socket_addr.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace fid {

/// One of several datagrams to send.
struct OutgoingDatagram {
  Bytes message;
  std::optional<SocketAddr> to = {};  ///< none: the fixed peer
};

/// Room for several datagrams, and those that the last receiving call brought.  recvmmsg(2)
///
/// Shape: movable; owns all the memory, and needs no more while receiving unless the system joins
/// datagrams (UdpSocket::set_gro), which are taken apart here.
class DatagramBatch {
 public:
  struct Datagram {
    Bytes bytes;
    SocketAddr from;
    bool cut = false;  ///< it was longer than its room; the rest is lost
  };

  /// Room for `count` datagrams of up to `size` bytes each; one call takes no more than
  /// os::most_datagrams. Where the system joins them, give 64 KiB each.
  DatagramBatch(std::size_t count, std::size_t size);

  /// Of the last call that brought any, in the order they came.
  std::span<const Datagram> received() const noexcept { return received_; }

  /// One call, which never blocks: how many came. For operations.
  Result<std::size_t> attempt_receive(Native socket);

 private:
  void take_apart(const os::IncomingDatagram& slot, const SocketAddr& from);

  Buffer storage_;
  std::vector<os::IncomingDatagram> slots_;
  std::vector<Datagram> received_;
};

namespace message_call {

/// How many came, at least one.  recvmmsg(2)
struct RecvBatch {
  static constexpr Interest interest = Interest::readable;
  DatagramBatch* into;
  Result<std::size_t> operator()(Native socket) const { return into->attempt_receive(socket); }
};

/// How many were sent, from the first on: at least one, unless there was none.  sendmmsg(2)
struct SendBatch {
  static constexpr Interest interest = Interest::writable;
  std::span<const OutgoingDatagram> datagrams;
  Result<std::size_t> operator()(Native socket) const noexcept;
};

/// Bytes sent: all, or whole segments from the first on.  udp(7), UDP_SEGMENT
struct SendSegments {
  static constexpr Interest interest = Interest::writable;
  Bytes bytes;
  std::size_t segment;
  std::optional<SocketAddr> to;
  Result<std::size_t> operator()(Native socket) const noexcept;
};

}  // namespace message_call

using RecvBatchOp = MessageOp<message_call::RecvBatch>;
using SendBatchOp = MessageOp<message_call::SendBatch>;
using SendSegmentsOp = MessageOp<message_call::SendSegments>;

}  // namespace fid
