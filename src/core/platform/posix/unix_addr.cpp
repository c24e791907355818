// SPDX-License-Identifier: MIT
#include <fid/net/unix_addr.hpp>

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace fid {
namespace {

constexpr std::size_t path_offset = offsetof(sockaddr_un, sun_path);

}  // namespace

const std::size_t UnixAddr::room = sizeof(sockaddr_un::sun_path);
#if defined(__linux__)
const bool UnixAddr::has_abstract_names = true;
#else
const bool UnixAddr::has_abstract_names = false;
#endif

Result<UnixAddr> UnixAddr::from_raw(const os::RawAddr& raw) {
  // recvfrom(2) reports no address at all for a sender without a name.
  if (raw.length == 0) return UnixAddr();

  sockaddr_un native{};
  std::memcpy(&native.sun_family, raw.storage.data() + offsetof(sockaddr_un, sun_family),
              sizeof native.sun_family);
  if (raw.length < path_offset || raw.length > raw.storage.size() || native.sun_family != AF_UNIX) {
    return fail(std::errc::invalid_argument, "address");
  }
  const std::string_view name(reinterpret_cast<const char*>(raw.storage.data()) + path_offset,
                              raw.length - path_offset);
  if (name.empty()) return UnixAddr();
  // Systems without abstract names may report an unnamed socket with a length and no text.
  if (name.front() != '\0') return UnixAddr(Kind::path, name.substr(0, name.find('\0')));
  return has_abstract_names ? UnixAddr(Kind::abstract, name.substr(1)) : UnixAddr();
}

os::RawAddr UnixAddr::to_raw() const noexcept {
  os::RawAddr raw;
  sockaddr_un native{};
  native.sun_family = AF_UNIX;
  std::memcpy(raw.storage.data(), &native, path_offset);
  std::size_t length = path_offset;
  if (kind_ == Kind::abstract) ++length;
  std::memcpy(raw.storage.data() + length, name_.data(), name_.size());
  length += name_.size();
  // A path that another program bound may fill its room and so have no terminator.
  if (kind_ == Kind::path) length = std::min(length + 1, path_offset + room);
  raw.length = static_cast<std::uint32_t>(length);
  return raw;
}

}  // namespace fid
