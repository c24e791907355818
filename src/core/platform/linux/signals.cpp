// SPDX-License-Identifier: MIT
#include "platform/posix/signal_set.hpp"
#include "platform/posix/syscall.hpp"

#include <fid/base/os.hpp>

#include <pthread.h>
#include <sys/signalfd.h>

namespace fid {
namespace {

using platform::every_signal;
using platform::native_set;

SignalSet blocked_now(SignalSet among) noexcept {
  sigset_t mask;
  pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  SignalSet blocked;
  for (const Signal signal : every_signal) {
    if (among.contains(signal) && sigismember(&mask, signal_number(signal)) == 1) blocked |= signal;
  }
  return blocked;
}

SignalSet without(SignalSet set, SignalSet others) noexcept {
  SignalSet left;
  for (const Signal signal : every_signal) {
    if (set.contains(signal) && !others.contains(signal)) left |= signal;
  }
  return left;
}

}  // namespace

Result<Signals> Signals::create(SignalSet set, Caller caller) {
  if (set.empty() || set.contains(Signal::kill)) {
    return fail(std::errc::invalid_argument, "signalfd");
  }
  const sigset_t native = native_set(set);
  Handle handle(::signalfd(-1, &native, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!handle) return platform::last_error("signalfd");
  auto io = Registration::create(std::move(handle), Interest::readable, Registration::Kind::stream,
                                 {}, caller);
  if (!io) return fail(io.error());
  const SignalSet blocked = without(set, blocked_now(set));
  pthread_sigmask(SIG_BLOCK, &native, nullptr);
  return Signals(std::move(*io), blocked);
}

Signals::~Signals() {
  if (blocked_.empty()) return;
  const sigset_t native = native_set(blocked_);
  pthread_sigmask(SIG_UNBLOCK, &native, nullptr);
}

Result<Signal> Signals::take() noexcept {
  signalfd_siginfo info{};
  const auto taken = os::read(io_.native(), std::as_writable_bytes(std::span(&info, 1)));
  if (!taken) return fail(taken.error());
  return signal_of(static_cast<int>(info.ssi_signo)).value_or(Signal::terminate);
}

}  // namespace fid
