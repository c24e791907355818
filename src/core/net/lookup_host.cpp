// SPDX-License-Identifier: MIT
#include "net/resolver.hpp"

#include <fid/net/lookup_host.hpp>
#include <fid/reactor/workers.hpp>

#include <utility>

namespace fid {

Task<std::vector<SocketAddr>> lookup_host(AddressList host) {
  if (auto known = host.known()) co_return co_await *std::move(known);
  auto ask = [name = host.host(), service = host.service()] {
    return platform::resolve(name, service);
  };
  co_return co_await on_worker(std::move(ask));
}

}  // namespace fid
