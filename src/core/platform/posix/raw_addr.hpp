// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/os.hpp>

#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <optional>

/// RawAddr seen as a sockaddr, and made of one kind of them.
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

template <class Native>
os::RawAddr raw_of(const Native& native) noexcept {
  os::RawAddr raw;
  std::memcpy(raw.storage.data(), &native, sizeof native);
  raw.length = sizeof native;
  return raw;
}

/// None if it is too short to be one; its family is still to be looked at.
template <class Native>
std::optional<Native> native_of(const os::RawAddr& raw) noexcept {
  Native native{};
  if (raw.length < sizeof native) return std::nullopt;
  std::memcpy(&native, raw.storage.data(), sizeof native);
  return native;
}

}  // namespace fid::platform
