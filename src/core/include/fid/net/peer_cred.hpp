// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/handle.hpp>
#include <fid/base/result.hpp>

#include <compare>
#include <cstddef>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>

namespace fid {

/// Who is at the other end of a Unix socket.  unix(7), SO_PEERCRED
///
/// Shape: a value. The ids are effective ones, as they were when the peer called connect(),
/// listen() or socketpair(); it may have changed them since, or handed the socket on.
class UCred {
 public:
  UCred(UserId uid, GroupId gid, std::optional<ProcessId> pid) noexcept
      : uid_(uid), gid_(gid), pid_(pid) {}

  UserId uid() const noexcept { return uid_; }
  GroupId gid() const noexcept { return gid_; }
  /// None where the system does not tell, or the process is outside of our PID namespace.
  std::optional<ProcessId> pid() const noexcept { return pid_; }

  /// `uid=1000 gid=1000 pid=4242`
  std::string to_string() const;
  friend auto operator<=>(const UCred&, const UCred&) noexcept = default;

 private:
  UserId uid_;
  GroupId gid_;
  std::optional<ProcessId> pid_;
};

/// Fails with not_connected if there is no peer, as on every socket that is not a Unix one.
Result<UCred> peer_cred(Native socket) noexcept;

std::ostream& operator<<(std::ostream& out, const UCred& cred);

}  // namespace fid

template <>
struct std::hash<fid::UCred> {
  std::size_t operator()(const fid::UCred& cred) const noexcept;
};
