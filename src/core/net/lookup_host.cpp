// SPDX-License-Identifier: MIT
#include "net/resolver.hpp"

#include <fid/net/lookup_host.hpp>
#include <fid/reactor/workers.hpp>

#include <algorithm>
#include <utility>

namespace fid {
namespace {

/// One entry of a hosts file for both families makes glibc give the IPv4 address twice.
std::vector<SocketAddr> each_once(std::vector<SocketAddr> addresses) {
  std::vector<SocketAddr> once;
  for (const SocketAddr& address : addresses) {
    if (std::find(once.begin(), once.end(), address) == once.end()) once.push_back(address);
  }
  return once;
}

}  // namespace

Task<std::vector<SocketAddr>> lookup_host(AddressList host) {
  if (auto known = host.known()) co_return co_await *std::move(known);
  auto ask = [name = host.host(), service = host.service()] {
    return platform::resolve(name, service);
  };
  auto addresses = co_await on_worker(std::move(ask));
  co_return each_once(std::move(addresses));
}

}  // namespace fid
