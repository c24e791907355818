// SPDX-License-Identifier: MIT
#include <fid/net/udp_batch.hpp>

#include <algorithm>
#include <array>

namespace fid {

DatagramBatch::DatagramBatch(std::size_t count, std::size_t size)
    : storage_(count * size), slots_(count) {
  for (std::size_t i = 0; i < count; ++i) {
    slots_[i].into = MutableBytes(storage_).subspan(i * size, size);
  }
  received_.reserve(count);
}

Result<std::size_t> DatagramBatch::attempt_receive(Native socket) {
  if (slots_.empty()) return 0;
  const auto count = os::recv_datagrams(socket, slots_);
  if (!count) return fail(count.error());
  received_.clear();
  for (std::size_t i = 0; i < *count; ++i) {
    const auto from = SocketAddr::from_raw(slots_[i].from);
    if (!from) return fail(from.error());
    take_apart(slots_[i], *from);
  }
  return received_.size();
}

void DatagramBatch::take_apart(const os::IncomingDatagram& slot, const SocketAddr& from) {
  Bytes left = slot.into.first(slot.size);
  while (slot.segment != 0 && left.size() > slot.segment) {
    received_.push_back({left.first(slot.segment), from, false});
    left = left.subspan(slot.segment);
  }
  received_.push_back({left, from, slot.cut});
}

namespace message_call {
namespace {

/// The most that one call takes of bytes in segments: what UDP over IPv4 holds, of whole segments.
Bytes one_call_of(Bytes bytes, std::size_t segment) noexcept {
  constexpr std::size_t longest_datagram = 65507;
  const std::size_t count =
      std::clamp<std::size_t>(longest_datagram / segment, 1, os::most_datagrams);
  return bytes.first(std::min(bytes.size(), count * segment));
}

/// Each segment as a datagram of its own.
Result<std::size_t> send_one_by_one(Native socket, Bytes bytes, std::size_t segment,
                                    const os::RawAddr* to) noexcept {
  std::array<os::OutgoingDatagram, os::most_datagrams> datagrams;
  std::size_t count = 0;
  for (Bytes left = bytes; !left.empty(); ++count) {
    const Bytes next = left.first(std::min(left.size(), segment));
    datagrams[count] = {next, to};
    left = left.subspan(next.size());
  }
  const auto sent = os::send_datagrams(socket, std::span(datagrams).first(count));
  if (!sent) return fail(sent.error());
  return std::min(bytes.size(), *sent * segment);
}

}  // namespace

Result<std::size_t> SendBatch::operator()(Native socket) const noexcept {
  std::array<os::OutgoingDatagram, os::most_datagrams> raw;
  std::array<os::RawAddr, os::most_datagrams> addresses;
  const std::size_t count = std::min(datagrams.size(), raw.size());
  if (count == 0) return 0;
  for (std::size_t i = 0; i < count; ++i) {
    raw[i].message = datagrams[i].message;
    if (!datagrams[i].to) continue;
    addresses[i] = datagrams[i].to->to_raw();
    raw[i].to = &addresses[i];
  }
  return os::send_datagrams(socket, std::span(raw).first(count));
}

Result<std::size_t> SendSegments::operator()(Native socket) const noexcept {
  if (bytes.empty()) return 0;
  if (segment == 0) return fail(std::errc::invalid_argument, "sendmsg");
  const os::RawAddr raw = to ? to->to_raw() : os::RawAddr();
  const os::RawAddr* const where = to ? &raw : nullptr;
  const Bytes now = one_call_of(bytes, segment);
  if (now.size() > segment) {
    const auto sent = os::send_segments(socket, now, segment, where);
    if (sent) return now.size();
    if (sent.error().code != std::errc::not_supported) return fail(sent.error());
  }
  return send_one_by_one(socket, now, segment, where);
}

}  // namespace message_call

}  // namespace fid
