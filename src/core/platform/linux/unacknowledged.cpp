// SPDX-License-Identifier: MIT
#include <fid/base/os.hpp>

#include <linux/sockios.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace fid::os {

std::size_t unacknowledged(Native socket) noexcept {
  int protocol = 0;
  socklen_t length = sizeof protocol;
  if (::getsockopt(socket, SOL_SOCKET, SO_PROTOCOL, &protocol, &length) == -1) return 0;
  if (protocol != IPPROTO_TCP) return 0;
  int queued = 0;
  if (::ioctl(socket, SIOCOUTQ, &queued) == -1) return 0;
  return static_cast<std::size_t>(queued);
}

}  // namespace fid::os
