// SPDX-License-Identifier: MIT
#include <fid/sys/terminal.hpp>

#include <sys/ioctl.h>
#include <unistd.h>

namespace fid {

bool is_terminal(Native handle) noexcept {
  return ::isatty(handle) == 1;
}

std::optional<WindowSize> window_size(Native handle) noexcept {
  winsize size{};
  if (::ioctl(handle, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return std::nullopt;
  return WindowSize{size.ws_col, size.ws_row};
}

}  // namespace fid
