// SPDX-License-Identifier: MIT
#include "net/resolver.hpp"

#include "platform/posix/raw_addr.hpp"

#include <fid/base/error.hpp>

#include <netdb.h>
#include <sys/socket.h>

#include <cstring>
#include <memory>

namespace fid::platform {

Result<std::vector<SocketAddr>> resolve(const std::string& host, const std::string& service) {
  // Without AI_ADDRCONFIG: where only loopback has IPv6, it would hide ::1.
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int code = ::getaddrinfo(host.c_str(), service.c_str(), &hints, &list);
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(list, ::freeaddrinfo);
  if (code == EAI_SYSTEM) return fail(system_error(errno, "getaddrinfo"));
  if (code != 0) return fail(std::error_code(code, resolver_category()), "getaddrinfo");
  std::vector<SocketAddr> addresses;
  for (const addrinfo* each = list; each != nullptr; each = each->ai_next) {
    os::RawAddr raw;
    if (each->ai_addrlen > raw.storage.size()) continue;
    std::memcpy(raw.storage.data(), each->ai_addr, each->ai_addrlen);
    raw.length = each->ai_addrlen;
    if (auto address = SocketAddr::from_raw(raw)) addresses.push_back(*address);
  }
  return addresses;
}

}  // namespace fid::platform
