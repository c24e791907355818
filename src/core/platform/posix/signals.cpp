// SPDX-License-Identifier: MIT
#include "platform/posix/signal_set.hpp"

#include <pthread.h>
#include <string.h>

namespace fid {

int signal_number(Signal signal) noexcept {
  switch (signal) {
    case Signal::hang_up:
      return SIGHUP;
    case Signal::interrupt:
      return SIGINT;
    case Signal::quit:
      return SIGQUIT;
    case Signal::kill:
      return SIGKILL;
    case Signal::user1:
      return SIGUSR1;
    case Signal::user2:
      return SIGUSR2;
    case Signal::terminate:
      return SIGTERM;
    case Signal::child_exit:
      return SIGCHLD;
    case Signal::resume:
      return SIGCONT;
    case Signal::window_change:
      return SIGWINCH;
  }
  return 0;
}

std::optional<Signal> signal_of(int number) noexcept {
  for (const Signal signal : platform::every_signal) {
    if (signal_number(signal) == number) return signal;
  }
  return std::nullopt;
}

std::string signal_name(int number) {
#if defined(__GLIBC__)
  if (const char* name = sigabbrev_np(number)) return std::string("SIG") + name;
#endif
  return "signal " + std::to_string(number);
}

bool is_ignored(Signal signal) noexcept {
  struct sigaction action {};
  if (::sigaction(signal_number(signal), nullptr, &action) != 0) return false;
  return action.sa_handler == SIG_IGN;
}

void reset_signals() noexcept {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  ::sigaction(SIGPIPE, &action, nullptr);
  sigset_t none;
  sigemptyset(&none);
  pthread_sigmask(SIG_SETMASK, &none, nullptr);
}

}  // namespace fid
