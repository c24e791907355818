// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/os.hpp>

#include <sys/socket.h>

#include <algorithm>

/// RawAddr seen as a sockaddr.
namespace fid::platform {

static_assert(sizeof(sockaddr_storage) <= sizeof(os::RawAddr::storage));
static_assert(alignof(sockaddr_storage) <= alignof(os::RawAddr));

inline constexpr auto address_room = static_cast<socklen_t>(sizeof(os::RawAddr::storage));

inline sockaddr* as_sockaddr(os::RawAddr& address) noexcept {
  return reinterpret_cast<sockaddr*>(address.storage.data());
}
inline const sockaddr* as_sockaddr(const os::RawAddr& address) noexcept {
  return reinterpret_cast<const sockaddr*>(address.storage.data());
}

/// Takes the length that a call reported, which is more than it stored if the room was short.
inline void set_length(os::RawAddr& address, socklen_t length) noexcept {
  address.length = std::min(length, address_room);
}

}  // namespace fid::platform
