// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/caller.hpp>
#include <fid/base/os.hpp>

#include <utility>

namespace fid::detail {

/// Two connected sockets S of a type; if adopting one fails both are closed.  socketpair(2)
template <class S>
Result<std::pair<S, S>> unix_pair(os::SocketType type, Caller caller) {
  auto ends = os::socket_pair(type);
  if (!ends) return fail(ends.error());
  auto first = S::from_native(std::move(ends->first), caller);
  if (!first) return fail(first.error());
  auto second = S::from_native(std::move(ends->second), caller);
  if (!second) return fail(second.error());
  return std::pair(*std::move(first), *std::move(second));
}

}  // namespace fid::detail
