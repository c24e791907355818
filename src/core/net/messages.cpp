// SPDX-License-Identifier: MIT
#include <fid/net/messages.hpp>

namespace fid {

Attempt SendOp::attempt() noexcept {
  const Result<std::size_t> n = os::send(socket_, message_);
  if (!n) return waits_or_fails(n.error());
  count_ = *n;
  return Attempt::done;
}

Attempt RecvOp::attempt() noexcept {
  const Result<std::size_t> n = os::recv(socket_, into_);
  if (!n) return waits_or_fails(n.error());
  count_ = *n;
  return Attempt::done;
}

Attempt RecvBufOp::attempt() noexcept {
  const Result<std::size_t> n = detail::read_into_spare_room(
      *into_, [this](MutableBytes room) { return os::recv(socket_, room); });
  if (!n) return waits_or_fails(n.error());
  count_ = *n;
  return Attempt::done;
}

}  // namespace fid
