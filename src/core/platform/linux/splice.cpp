// SPDX-License-Identifier: MIT
#include "platform/posix/syscall.hpp"

#include <fid/base/os.hpp>

#include <fcntl.h>
#include <linux/socket.h>
#include <sys/socket.h>

#include <optional>

namespace fid::os {
namespace {

/// Pipes, byte-stream sockets and the null device. The mode of the first two must be non-blocking:
/// sockets do not look at SPLICE_F_NONBLOCK.
bool takes_part(Native handle) noexcept {
  const auto kind = kind_of(handle);
  if (kind == HandleKind::device) return is_null_device(handle);
  if (!kind || !is_nonblocking(handle).value_or(false)) return false;
  if (*kind == HandleKind::pipe) return true;
  if (*kind != HandleKind::socket) return false;
  const auto type = socket_type(handle);
  return type && *type == SocketType::stream;
}

std::optional<int> option_of(Native socket, int name) noexcept {
  int value = 0;
  if (!get_option(socket, SOL_SOCKET, name, std::as_writable_bytes(std::span(&value, 1))))
    return {};
  return value;
}

}  // namespace

bool can_splice(Native from, Native to) noexcept {
  return takes_part(from) && takes_part(to);
}

Result<std::size_t> splice(Native from, Native to, std::size_t most) noexcept {
  // Never SPLICE_F_MORE: it would hold back the last part segment for 200 ms.
  return platform::count_of("splice", [&] {
    return ::splice(from, nullptr, to, nullptr, most, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
  });
}

Result<void> set_pipe_size(Native pipe, std::size_t size) noexcept {
  return platform::done("fcntl",
                        [&] { return ::fcntl(pipe, F_SETPIPE_SZ, static_cast<int>(size)); });
}

void widen_send_buffer(Native to, std::size_t size) noexcept {
  if (option_of(to, SO_DOMAIN) != AF_UNIX) return;
  // What the system gives each may be more, or its most be less: net.core.wmem_default, wmem_max.
  if (option_of(to, SO_SNDBUF) >= static_cast<int>(size)) return;
  // A kernel before 5.14 does not tell; then it might be somebody's choice.
  const auto chosen = option_of(to, SO_BUF_LOCK);
  if (!chosen || (*chosen & SOCK_SNDBUF_LOCK) != 0) return;
  const int wanted = static_cast<int>(size / 2);  // it counts twice what it is told
  static_cast<void>(set_option(to, SOL_SOCKET, SO_SNDBUF, std::as_bytes(std::span(&wanted, 1))));
}

}  // namespace fid::os
