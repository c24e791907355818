// SPDX-License-Identifier: MIT
#pragma once

#include <fid/io/raw_io.hpp>
#include <fid/net/address_list.hpp>
#include <fid/net/ip_options.hpp>
#include <fid/net/messages.hpp>
#include <fid/net/multicast_options.hpp>
#include <fid/net/socket_addr.hpp>
#include <fid/net/socket_names.hpp>
#include <fid/net/udp_batch.hpp>
#include <fid/net/udp_ops.hpp>
#include <fid/reactor/registration.hpp>
#include <fid/task/task.hpp>

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace fid {

/// A UDP socket, with or without a fixed peer.  udp(7)
///
/// Shape: movable, sole owner of its socket; lives on the reactor of the thread that made it. There
/// are no halves: several tasks may send and receive at once, through references to it.
/// Errors: what the network says of an earlier datagram to the fixed peer, connection_refused
/// mostly, is reported once, by whichever call comes next: receiving wakes for it, and the socket
/// goes on working. Without a fixed peer such errors are not told. Senders can be forged.
class UdpSocket final : public Messages<UdpSocket>,
                        public MessagesFromAnybody<UdpSocket, SocketAddr>,
                        public RawIo<UdpSocket>,
                        public IpOptions<UdpSocket>,
                        public MulticastOptions<UdpSocket> {
 public:
  using Address = SocketAddr;

  /// Binds the first of `where` that can be; port 0 takes a free one, see local_addr(). Without
  /// SO_REUSEADDR. Fails with the last address's error: address_in_use, permission_denied; with
  /// invalid_argument if there is none.
  static Task<UdpSocket> bind(AddressList where);

  /// Adopts a bound socket that does not block.
  static Result<UdpSocket> from_native(Handle socket, Caller caller = Caller::here());
  /// Gives the socket up, still non-blocking.
  Result<Handle> into_native() && { return std::move(io_).release(); }

  /// Fixes the peer: the first of `to` that the system takes; nothing is sent. Others' datagrams
  /// are dropped from then on, but for those already queued. May be repeated. Only a lookup waits.
  /// Fails with the last address's error; with invalid_argument if there is none.
  /// Cancellation: the peer stays what it was.
  Task<void> connect(AddressList to);

  /// Sends to an address, with or without a fixed peer. Fails at once with
  /// address_family_not_supported or invalid_argument if `to` is of another family.
  SendToOp send_to(Bytes message, const SocketAddr& to) noexcept {
    return detail::message_op(*this, message_call::SendTo{message, to});
  }
  /// Looks up `to` and sends to the first of its addresses only.
  /// Fails with invalid_argument if there is none.
  template <class Where>
  requires(std::convertible_to<Where&&, AddressList> &&
           !std::convertible_to<Where&&, SocketAddr>) Task<std::size_t> send_to(Bytes message,
                                                                                Where&& to) {
    return send_to_first(message, AddressList(std::forward<Where>(to)));
  }
  /// One attempt if cached as writable.
  Result<std::size_t> try_send_to(Bytes message, const SocketAddr& to) {
    return detail::try_message_call(*this, message_call::SendTo{message, to});
  }

  /// Copies the next datagram without taking it: it is received again.
  PeekOp peek(MutableBytes into) noexcept {
    return detail::message_op(*this, message_call::Peek{into});
  }
  Result<std::size_t> try_peek(MutableBytes into) {
    return detail::try_message_call(*this, message_call::Peek{into});
  }
  /// The same, with its sender.
  PeekFromOp peek_from(MutableBytes into) noexcept {
    return detail::message_op(*this, message_call::PeekFrom{into});
  }
  Result<std::pair<std::size_t, SocketAddr>> try_peek_from(MutableBytes into) {
    return detail::try_message_call(*this, message_call::PeekFrom{into});
  }
  /// Who sent the next datagram.
  PeekSenderOp peek_sender() noexcept {
    return detail::message_op(*this, message_call::PeekSender{});
  }
  Result<SocketAddr> try_peek_sender() {
    return detail::try_message_call(*this, message_call::PeekSender{});
  }

  /// Receives all that is there, as far as `into` has room for it, by one call. Gives how many
  /// datagrams, at least one; `into` has them.  recvmmsg(2)
  RecvBatchOp recv_batch(DatagramBatch& into) noexcept {
    return detail::message_op(*this, message_call::RecvBatch{&into});
  }
  Result<std::size_t> try_recv_batch(DatagramBatch& into) {
    return detail::try_message_call(*this, message_call::RecvBatch{&into});
  }
  /// Sends several datagrams by one call. Gives how many, from the first on: at least one, maybe
  /// not all. A failure is about the first one, and nothing was sent.  sendmmsg(2)
  SendBatchOp send_batch(std::span<const OutgoingDatagram> datagrams) noexcept {
    return detail::message_op(*this, message_call::SendBatch{datagrams});
  }
  Result<std::size_t> try_send_batch(std::span<const OutgoingDatagram> datagrams) {
    return detail::try_message_call(*this, message_call::SendBatch{datagrams});
  }
  /// Sends `bytes` as datagrams of `segment` bytes each, the last maybe shorter, to an address or
  /// to the fixed peer; in one piece up to the network's device where that can be, else one by one.
  /// Gives the bytes sent, maybe not all, but whole segments. Fails with invalid_argument if
  /// `segment` is 0.  udp(7), UDP_SEGMENT
  SendSegmentsOp send_segments(Bytes bytes, std::size_t segment,
                               std::optional<SocketAddr> to = std::nullopt) noexcept {
    return detail::message_op(*this, message_call::SendSegments{bytes, segment, to});
  }
  Result<std::size_t> try_send_segments(Bytes bytes, std::size_t segment,
                                        std::optional<SocketAddr> to = std::nullopt) {
    return detail::try_message_call(*this, message_call::SendSegments{bytes, segment, to});
  }
  /// Lets the system join datagrams of one size from one sender. recv_batch() takes them apart;
  /// every other way to receive would see one long datagram. Off at first. Linux; elsewhere it
  /// fails with no_protocol_option, and recv_batch() works all the same.  UDP_GRO
  Result<void> set_gro(bool on) noexcept { return sockopt::set(native(), sockopt::udp_gro, on); }
  Result<bool> gro() const noexcept { return sockopt::get(native(), sockopt::udp_gro); }

  /// Off at first: sending to a broadcast address then fails with permission_denied.
  Result<bool> broadcast() const noexcept { return sockopt::get(native(), sockopt::broadcast); }
  Result<void> set_broadcast(bool on) noexcept {
    return sockopt::set(native(), sockopt::broadcast, on);
  }
  /// How many networks a datagram may pass. To groups: see MulticastOptions.
  Result<std::uint32_t> ttl() const noexcept { return sockopt::get(native(), sockopt::ttl); }
  Result<void> set_ttl(std::uint32_t hops) noexcept {
    return sockopt::set(native(), sockopt::ttl, hops);
  }

  /// Where it is bound, with the port that it got.
  Result<SocketAddr> local_addr() const { return detail::local_addr<SocketAddr>(native()); }
  /// Fails with not_connected without a fixed peer.
  Result<SocketAddr> peer_addr() const { return detail::peer_addr<SocketAddr>(native()); }
  /// The pending error of the socket, once; none when there is none. Takes what receiving would
  /// have reported. SO_ERROR
  std::optional<Error> take_error() noexcept { return detail::take_error(native()); }

  /// Borrowed: neither to be closed nor to be made blocking.
  Native native() const noexcept { return io_.native(); }

  std::string to_string() const;

  Readiness& read_readiness() const noexcept { return io_.readiness(); }
  Readiness& write_readiness() const noexcept { return io_.readiness(); }

 private:
  explicit UdpSocket(Registration io) noexcept : io_(std::move(io)) {}

  Task<std::size_t> send_to_first(Bytes message, AddressList to);

  Registration io_;
};

}  // namespace fid
