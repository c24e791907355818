// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/handle.hpp>

#include <pty.h>
#include <termios.h>

#include <cstdlib>
#include <utility>

namespace fid::test {

/// A terminal as a shell would own it: its other end, and the end a program gets. Both block.
struct Terminal {
  enum class Mode { lines, raw };

  explicit Terminal(Mode mode) {
    termios settings{};
    winsize size{24, 80, 0, 0};
    int ends[2];
    if (::openpty(&ends[0], &ends[1], nullptr, nullptr, &size) != 0) std::abort();
    user = Handle(ends[0]);
    program = Handle(ends[1]);
    ::tcgetattr(program.get(), &settings);
    if (mode == Mode::raw) ::cfmakeraw(&settings);
    settings.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(program.get(), TCSANOW, &settings);
  }

  Handle user;
  Handle program;
};

}  // namespace fid::test
