// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace fid {

/// Where a function was called from; the default value of a last parameter.
struct Caller {
  const char* file;
  int line;

  // std::source_location is not in clang 14.
  static constexpr Caller here(const char* file = __builtin_FILE(),
                               int line = __builtin_LINE()) noexcept {
    return {file, line};
  }
};

/// Says on stderr which promise the caller broke, and aborts. For bugs, never for bad input.
[[noreturn]] void broken_precondition(std::string_view promise, Caller caller) noexcept;

}  // namespace fid
