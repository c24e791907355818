// SPDX-License-Identifier: MIT
#include <fid/base/os.hpp>
#include <fid/net/peer_cred.hpp>

#include <sys/socket.h>

namespace fid {

Result<UCred> peer_cred(Native socket) noexcept {
  ucred raw{};
  const auto filled =
      os::get_option(socket, SOL_SOCKET, SO_PEERCRED, std::as_writable_bytes(std::span(&raw, 1)));
  if (!filled) return fail(filled.error().code, "SO_PEERCRED");
  // What the kernel fills in when nobody is there; no user can have this number.
  if (raw.uid == static_cast<UserId>(-1)) return fail(std::errc::not_connected, "SO_PEERCRED");
  return UCred(raw.uid, raw.gid, raw.pid != 0 ? std::optional<ProcessId>(raw.pid) : std::nullopt);
}

}  // namespace fid
