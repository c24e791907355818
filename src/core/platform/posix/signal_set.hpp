// SPDX-License-Identifier: MIT
#pragma once

#include <fid/reactor/signals.hpp>

#include <signal.h>

#include <array>

namespace fid::platform {

inline constexpr std::array every_signal{
    Signal::hang_up, Signal::interrupt, Signal::quit,       Signal::kill,   Signal::user1,
    Signal::user2,   Signal::terminate, Signal::child_exit, Signal::resume, Signal::window_change};

inline sigset_t native_set(SignalSet set) noexcept {
  sigset_t native;
  sigemptyset(&native);
  for (const Signal signal : every_signal) {
    if (set.contains(signal)) sigaddset(&native, signal_number(signal));
  }
  return native;
}

}  // namespace fid::platform
