// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/error.hpp>

#include <string>
#include <string_view>

/// Turning the results of system calls into Result.
namespace fid::platform {

/// The current errno as an Error of `operation`.
inline Failure last_error(std::string_view operation) noexcept {
  return fail(system_error(errno, operation));
}

/// Makes a system call again for as long as a signal interrupts it. signal(7)
template <class Call>
auto uninterrupted(Call call) noexcept -> decltype(call()) {
  for (;;) {
    const auto result = call();
    if (result != -1 || errno != EINTR) return result;
  }
}

/// A call that returns a count of bytes.
template <class Call>
Result<std::size_t> count_of(std::string_view operation, Call call) noexcept {
  const auto count = uninterrupted(call);
  if (count == -1) return last_error(operation);
  return static_cast<std::size_t>(count);
}

/// A call that returns nothing but success.
template <class Call>
Result<void> done(std::string_view operation, Call call) noexcept {
  if (uninterrupted(call) == -1) return last_error(operation);
  return {};
}

/// A path with a NUL inside would be opened under its first part.
inline bool holds_nul(const std::string& path) noexcept {
  return path.find('\0') != std::string::npos;
}

}  // namespace fid::platform
