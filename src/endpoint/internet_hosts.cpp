// SPDX-License-Identifier: MIT
#include "endpoint/internet_hosts.hpp"

#include <fid/base/error.hpp>
#include <fid/net/lookup_host.hpp>

#include <algorithm>
#include <utility>

namespace fid::endpoint {
namespace {

bool is_of(Family family, const SocketAddr& address) {
  return family == Family::any || (family == Family::ipv4) == address.is_ipv4();
}

std::string host_to_listen_on(const Address& address, Family family) {
  if (address.host.empty()) return family == Family::ipv6 ? "::1" : "127.0.0.1";
  if (address.host == "*") return family == Family::ipv4 ? "0.0.0.0" : "::";
  return address.host;
}

bool says_there_is_no_ipv6(const Error& error) {
  return error.code == std::errc::address_family_not_supported ||
         error.code == std::errc::address_not_available;
}

}  // namespace

Task<std::vector<SocketAddr>> addresses_of(std::string host, std::string port, Family family) {
  AddressList name(host, port);
  std::vector<SocketAddr> found = co_await lookup_host(std::move(name));
  std::erase_if(found, [&](const SocketAddr& address) { return !is_of(family, address); });
  if (found.empty()) co_return fail(Errc::no_address, "getaddrinfo");
  co_return found;
}

Task<std::vector<SocketAddr>> sources(const Address& address) {
  const auto text = address.text("bind");
  if (!text) co_return std::vector<SocketAddr>();
  std::string host = *text;
  std::string port = "0";
  const std::size_t bracket = host.rfind(']');
  const std::size_t colon = host.rfind(':');
  const bool is_bare_ipv6 = bracket == std::string::npos && host.find(':') != colon;
  if (colon != std::string::npos && !is_bare_ipv6 &&
      (bracket == std::string::npos || bracket < colon)) {
    port = host.substr(colon + 1);
    host.erase(colon);
  }
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  co_return co_await addresses_of(std::move(host), std::move(port), address.kind->family);
}

const SocketAddr* of_same_family(const std::vector<SocketAddr>& from, const SocketAddr& to) {
  const auto found = std::find_if(from.begin(), from.end(), [&](const SocketAddr& one) {
    return one.is_ipv4() == to.is_ipv4();
  });
  return found == from.end() ? nullptr : &*found;
}

Task<Handle> bind_where_it_can_be(const Address& address, BindSocket bind) {
  const Family own = address.kind->family;
  const auto wish = address.written("ipv6only") ? address.flag("ipv6only") : std::nullopt;
  const bool ipv6_only = wish.value_or(own == Family::ipv6);
  const Family family = ipv6_only && own == Family::any ? Family::ipv6 : own;
  const bool everywhere = address.host == "*" && family == Family::any;

  const std::vector<SocketAddr> where =
      co_await addresses_of(host_to_listen_on(address, family), address.port, family);
  auto socket = bind(address, where[0], ipv6_only);
  for (std::size_t i = 1; i < where.size() && !socket; ++i) {
    socket = bind(address, where[i], ipv6_only);
  }
  if (!socket && everywhere && says_there_is_no_ipv6(socket.error())) {
    const SocketAddr all_ipv4(Ipv4Addr::unspecified(), where[0].port());
    socket = bind(address, all_ipv4, ipv6_only);
  }
  if (!socket) co_return fail(socket.error());
  co_return *std::move(socket);
}

SocketAddr canonical(const SocketAddr& address) {
  const IpAddr ip = address.ip().to_canonical();
  return ip.is_ipv4() ? SocketAddr(ip, address.port()) : address;
}

}  // namespace fid::endpoint
