// SPDX-License-Identifier: MIT
#include <fid/net/peer_cred.hpp>

#include <ostream>

namespace fid {

std::string UCred::to_string() const {
  std::string text = "uid=" + std::to_string(uid_) + " gid=" + std::to_string(gid_);
  if (pid_) text += " pid=" + std::to_string(*pid_);
  return text;
}

std::ostream& operator<<(std::ostream& out, const UCred& cred) {
  return out << cred.to_string();
}

}  // namespace fid

std::size_t std::hash<fid::UCred>::operator()(const fid::UCred& cred) const noexcept {
  const std::size_t ids = std::hash<fid::UserId>()(cred.uid()) * 31 + cred.gid();
  return ids * 31 + std::hash<std::optional<fid::ProcessId>>()(cred.pid());
}
