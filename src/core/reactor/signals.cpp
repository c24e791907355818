// SPDX-License-Identifier: MIT
#include <fid/reactor/signals.hpp>

namespace fid {

Attempt SignalOp::attempt() noexcept {
  const Result<Signal> taken = from_->take();
  if (!taken) return waits_or_fails(taken.error());
  signal_ = *taken;
  return Attempt::done;
}

}  // namespace fid
