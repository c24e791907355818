// SPDX-License-Identifier: MIT
#include "platform/posix/syscall.hpp"

#include <fid/reactor/thread_signals.hpp>

#include <pthread.h>
#include <signal.h>
#include <time.h>

namespace fid {
namespace {

sigset_t pipe_signal() noexcept {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  return set;
}

}  // namespace

PipeSignalGuard::PipeSignalGuard() noexcept {
  const sigset_t set = pipe_signal();
  sigset_t before;
  pthread_sigmask(SIG_BLOCK, &set, &before);
  was_blocked_ = sigismember(&before, SIGPIPE) == 1;
}

PipeSignalGuard::~PipeSignalGuard() {
  if (was_blocked_) return;
  const sigset_t set = pipe_signal();
  const timespec now{};
  while (platform::uninterrupted([&] { return ::sigtimedwait(&set, nullptr, &now); }) == SIGPIPE) {
  }
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

void block_all_signals() noexcept {
  sigset_t set;
  sigfillset(&set);
  pthread_sigmask(SIG_SETMASK, &set, nullptr);
}

}  // namespace fid
