// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/result.hpp>
#include <fid/reactor/readiness.hpp>

#include <cstdint>
#include <system_error>

namespace fid {

/// One call if the cached readiness says it can succeed (G7); would-block clears it.
template <class Call>
auto try_when_ready(Readiness& readiness, Interest interest, Call call) -> decltype(call()) {
  if (!readiness.has(interest)) {
    return fail(std::errc::resource_unavailable_try_again, "try");
  }
  const std::uint32_t tick = readiness.tick();
  auto result = call();
  if (!result && result.error().would_block()) readiness.clear(interest, tick);
  return result;
}

}  // namespace fid
