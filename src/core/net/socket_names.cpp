// SPDX-License-Identifier: MIT
#include <fid/net/socket_names.hpp>

namespace fid::detail {

std::optional<Error> take_error(Native socket) noexcept {
  const Result<void> none = os::take_error(socket);
  if (none) return std::nullopt;
  return none.error();
}

void expect_nonblocking([[maybe_unused]] Native handle, [[maybe_unused]] Caller caller) noexcept {
#ifndef NDEBUG
  const Result<bool> nonblocking = os::is_nonblocking(handle);
  if (nonblocking && !*nonblocking) {
    broken_precondition("from_native() takes a handle that does not block", caller);
  }
#endif
}

std::string socket_text(std::string_view type, Native socket,
                        const std::optional<std::string>& local,
                        const std::optional<std::string>& peer) {
  std::string text(type);
  text += '(';
  if (local) text += "local=" + *local + ", ";
  if (peer) text += "peer=" + *peer + ", ";
  return text + "handle=" + std::to_string(socket) + ')';
}

}  // namespace fid::detail
