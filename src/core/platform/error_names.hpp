// SPDX-License-Identifier: MIT
#pragma once

#include <string>

/// What a platform calls its error codes.
namespace fid::platform {

/// "ECONNREFUSED" for a code of the system category. strerrorname_np(3)
std::string system_name(int code);

/// "EAI_NONAME" and its message, for a code of the resolver. gai_strerror(3)
std::string resolver_name(int code);
std::string resolver_message(int code);

}  // namespace fid::platform
