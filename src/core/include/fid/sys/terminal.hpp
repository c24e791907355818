// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/handle.hpp>

#include <optional>

namespace fid {

/// Size of a terminal in characters.
struct WindowSize {
  unsigned columns = 0;
  unsigned rows = 0;
  friend bool operator==(WindowSize, WindowSize) = default;
};

/// Whether it is a terminal.  isatty(3)
bool is_terminal(Native handle) noexcept;

/// The size of a terminal; none if it is no terminal, or one that does not tell. Changes come with
/// Signal::window_change.  TIOCGWINSZ(2const)
std::optional<WindowSize> window_size(Native handle) noexcept;

}  // namespace fid
