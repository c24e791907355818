// SPDX-License-Identifier: MIT
#include <fid/base/caller.hpp>

#include <cstdio>
#include <cstdlib>

namespace fid {

void broken_precondition(std::string_view promise, Caller caller) noexcept {
  std::fprintf(stderr, "%s:%d: broken precondition: %.*s\n", caller.file, caller.line,
               static_cast<int>(promise.size()), promise.data());
  std::abort();
}

}  // namespace fid
