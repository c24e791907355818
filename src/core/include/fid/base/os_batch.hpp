// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/os.hpp>

#include <cstddef>
#include <span>

/// Several datagrams by one system call; see os.hpp for what holds for all calls. None of these
/// blocks, whatever the handle's mode.
namespace fid::os {

/// More than so many are not taken or sent by one call.
inline constexpr std::size_t most_datagrams = 64;

/// Room for one datagram, and what came into it.
struct IncomingDatagram {
  MutableBytes into;
  RawAddr from;
  std::size_t size = 0;
  /// Not 0 where the system joined datagrams of one sender: the size of each but the last.  UDP_GRO
  std::size_t segment = 0;
  bool cut = false;  ///< it was longer than its room; the rest is lost
};

struct OutgoingDatagram {
  Bytes message;
  const RawAddr* to = nullptr;  ///< null: the socket's fixed peer
};

/// How many came: the first ones of `into`, which is not empty.  recvmmsg(2)
Result<std::size_t> recv_datagrams(Native socket, std::span<IncomingDatagram> into) noexcept;

/// How many were sent: the first ones of `datagrams`, which is not empty. An error is about the
/// first one.  sendmmsg(2)
Result<std::size_t> send_datagrams(Native socket,
                                   std::span<const OutgoingDatagram> datagrams) noexcept;

/// Sends `bytes` as datagrams of `segment` bytes, of which the last may be shorter: all, or none.
/// Fails with not_supported where the system, the network's device or the sizes do not allow that;
/// the same bytes may then still be sent one datagram at a time.  udp(7), UDP_SEGMENT
Result<void> send_segments(Native socket, Bytes bytes, std::size_t segment,
                           const RawAddr* to) noexcept;

}  // namespace fid::os
