// SPDX-License-Identifier: MIT
#include "platform/error_names.hpp"

#include <netdb.h>

#include <cstring>

namespace fid::platform {

std::string system_name(int code) {
#if defined(__GLIBC__)
  if (const char* name = strerrorname_np(code)) return name;
#endif
  return "errno " + std::to_string(code);
}

std::string resolver_name(int code) {
  switch (code) {
    case EAI_AGAIN:
      return "EAI_AGAIN";
    case EAI_BADFLAGS:
      return "EAI_BADFLAGS";
    case EAI_FAIL:
      return "EAI_FAIL";
    case EAI_FAMILY:
      return "EAI_FAMILY";
    case EAI_MEMORY:
      return "EAI_MEMORY";
    case EAI_NONAME:
      return "EAI_NONAME";
    case EAI_SERVICE:
      return "EAI_SERVICE";
    case EAI_SOCKTYPE:
      return "EAI_SOCKTYPE";
#if defined(EAI_NODATA)
    case EAI_NODATA:
      return "EAI_NODATA";
#endif
    default:
      return "EAI " + std::to_string(code);
  }
}

std::string resolver_message(int code) {
  return ::gai_strerror(code);
}

}  // namespace fid::platform
