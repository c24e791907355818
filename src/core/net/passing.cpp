// SPDX-License-Identifier: MIT
#include <fid/net/passing.hpp>

namespace fid {

Attempt SendPassingOp::attempt() noexcept {
  const Result<std::size_t> n = detail::send_passing(socket_, message_, with_, nullptr);
  if (!n) return waits_or_fails(n.error());
  count_ = *n;
  return Attempt::done;
}

Attempt RecvPassingOp::attempt() noexcept {
  auto received = detail::recv_passing(socket_, into_, most_handles_);
  if (!received) return waits_or_fails(received.error());
  delivery_ = *std::move(received);
  return Attempt::done;
}

}  // namespace fid
