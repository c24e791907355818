// SPDX-License-Identifier: MIT
#include "endpoint/datagrams.hpp"
#include "endpoint/endpoint.hpp"
#include "endpoint/internet_hosts.hpp"
#include "endpoint/kind/common_options.hpp"
#include "endpoint/kind/kinds.hpp"
#include "endpoint/socket_setup.hpp"

#include <fid/base/error.hpp>
#include <fid/base/os.hpp>
#include <fid/net/socket_options.hpp>

#include <utility>

namespace fid::endpoint::kind {
namespace {

constexpr OptionSpec options[] = {
    option::local_address,
    option::interface,
    {
        .name = "broadcast",
        .aliases = "so-broadcast",
        .type = ValueType::flag,
        .default_text = "no",
        .roles = Roles::connects,
        .when = When::before_connect,
        .help = "allow sending to a broadcast address",
        .example = "broadcast",
    },
    option::reuseport,
    option::ipv6only,
    option::sndbuf,
    option::rcvbuf,
    option::retry,
    option::interval,
    option::eof,
    option::datagram_linger,
};

constexpr std::string_view help =
    "HOST and PORT are as for tcp; of a name's addresses the first is taken that can be. Each read "
    "from a stream is sent as one datagram. Where it listens, answers go to the peer that wrote "
    "last, and one connection takes the datagrams of all. udp:HOST:PORT says the same.";

/// A socket with the address's options, not bound yet.
Result<Handle> udp_socket(const Address& address, const SocketAddr& of_its_family) {
  auto socket = os::socket(of_its_family.family(), os::SocketType::datagram);
  if (!socket) return fail(socket.error());
  if (auto set = set_up_socket(socket->get(), address); !set) return fail(set.error());
  return socket;
}

Result<Handle> connected_socket(const Address& address, const SocketAddr& to,
                                const std::vector<SocketAddr>& from) {
  auto socket = udp_socket(address, to);
  if (!socket) return fail(socket.error());
  if (!from.empty()) {
    const SocketAddr* source = of_same_family(from, to);
    if (source == nullptr) return fail(std::errc::address_family_not_supported, "bind");
    if (auto bound = os::bind(socket->get(), source->to_raw()); !bound) return fail(bound.error());
  }
  if (auto fixed = os::connect(socket->get(), to.to_raw()); !fixed) return fail(fixed.error());
  return socket;
}

Task<ConnectionPtr> open_udp(const Address& address, const OpenContext& /*context*/) {
  const std::vector<SocketAddr> from = co_await sources(address);
  const std::vector<SocketAddr> to =
      co_await addresses_of(address.host, address.port, address.kind->family);
  auto socket = connected_socket(address, to[0], from);
  for (std::size_t i = 1; i < to.size() && !socket; ++i) {
    socket = connected_socket(address, to[i], from);
  }
  if (!socket) co_return fail(socket.error());
  BoundPath pathless;
  pathless.socket = *std::move(socket);
  co_return co_await datagram_connection(std::move(pathless));
}

Result<Handle> bound_socket(const Address& address, const SocketAddr& where, bool ipv6_only) {
  auto socket = udp_socket(address, where);
  if (!socket) return fail(socket.error());
  // Not left to the system's default, which differs.
  if (where.is_ipv6()) {
    auto set = sockopt::set(socket->get(), sockopt::v6only, ipv6_only);
    if (!set) return fail(set.error());
  }
  if (auto bound = os::bind(socket->get(), where.to_raw()); !bound) return fail(bound.error());
  return socket;
}

Task<ListenerPtr> listen_udp(const Address& address, const OpenContext& /*context*/) {
  BoundPath pathless;
  pathless.socket = co_await bind_where_it_can_be(address, bound_socket);
  co_return co_await datagram_listener(std::move(pathless), address.kind->name, std::nullopt);
}

}  // namespace

constexpr Kind udp{
    .name = "udp",
    .form = "udp://HOST:PORT",
    .summary = "UDP over IPv4 or IPv6",
    .parameter = Parameter::host_port,
    .roles = Roles::both,
    .traffic = Traffic::datagrams,
    .options = options,
    .example = "udp://127.0.0.1:514",
    .help = help,
    .open = open_udp,
    .listen = listen_udp,
};

constexpr Kind udp4{
    .name = "udp4",
    .form = "udp4://HOST:PORT",
    .summary = "UDP over IPv4 only",
    .parameter = Parameter::host_port,
    .family = Family::ipv4,
    .roles = Roles::both,
    .traffic = Traffic::datagrams,
    .options = options,
    .example = "udp4://192.0.2.255:9,broadcast",
    .help = help,
    .open = open_udp,
    .listen = listen_udp,
};

constexpr Kind udp6{
    .name = "udp6",
    .form = "udp6://HOST:PORT",
    .summary = "UDP over IPv6 only",
    .parameter = Parameter::host_port,
    .family = Family::ipv6,
    .roles = Roles::both,
    .traffic = Traffic::datagrams,
    .options = options,
    .example = "udp6-listen://[::1]:5353",
    .help = help,
    .open = open_udp,
    .listen = listen_udp,
};

}  // namespace fid::endpoint::kind
