// SPDX-License-Identifier: MIT
#include "endpoint/endpoint.hpp"
#include "endpoint/internet_hosts.hpp"
#include "endpoint/kind/common_options.hpp"
#include "endpoint/kind/kinds.hpp"
#include "endpoint/socket_setup.hpp"
#include "endpoint/tcp_connection.hpp"

#include <fid/net/connect_any.hpp>
#include <fid/net/tcp_socket.hpp>

#include <utility>

namespace fid::endpoint::kind {
namespace {

constexpr OptionSpec options[] = {
    option::local_address,
    option::interface,
    {
        .name = "nodelay",
        .aliases = "tcp-nodelay",
        .type = ValueType::flag,
        .default_text = "yes",
        .when = When::connected,
        .help = "send small pieces at once instead of gathering them",
        .example = "nodelay=no",
    },
    {
        .name = "keepalive",
        .aliases = "so-keepalive",
        .type = ValueType::flag,
        .default_text = "yes",
        .when = When::connected,
        .help = "notice within about two minutes that a silent peer is gone",
        .example = "keepalive=no",
    },
    option::reuseport,
    option::ipv6only,
    option::backlog,
    option::sndbuf,
    option::rcvbuf,
    option::connect_timeout,
    option::retry,
    option::interval,
    option::eof,
    option::linger,
};

constexpr std::string_view hosts =
    "HOST is a name, an IPv4 address, or an IPv6 address in brackets, with a zone if it needs one: "
    "[fe80::1%eth0]. Where it listens, * is all local addresses, nothing is loopback (127.0.0.1; "
    "[::1] for IPv6 only), and of a name's addresses the first is taken that can be. PORT is a "
    "number "
    "or a service name; where it listens, 0 takes a free one. tcp:HOST:PORT says the same.";

// --- connecting -----------------------------------------------------------------------------

/// Gives a socket that is to be connected to `to` the address's options, and binds it if it is to
/// be.
Result<void> prepare(TcpSocket& socket, const SocketAddr& to, const Address& address,
                     const std::vector<SocketAddr>& from) {
  if (auto set = set_up_socket(socket.native(), address); !set) return set;
  if (from.empty()) return {};
  const SocketAddr* source = of_same_family(from, to);
  if (source == nullptr) return fail(std::errc::address_family_not_supported, "bind");
  // A port of one's own choice may still be in TIME_WAIT from the last connection.
  if (source->port() != 0) {
    if (auto set = socket.set_reuseaddr(true); !set) return set;
  }
  return socket.bind(*source);
}

Task<ConnectionPtr> open_tcp(const Address& address, const OpenContext& context) {
  std::vector<SocketAddr> from;
  if (address.written("bind") != nullptr) from = co_await sources(address);
  AddressList to(address.host, address.port);
  if (const Family family = address.kind->family; family != Family::any) {
    to = co_await addresses_of(address.host, address.port, family);
  }
  ConnectOptions how([&](TcpSocket& socket, const SocketAddr& where) {
    return prepare(socket, where, address, from);
  });
  auto connecting = connect_any(std::move(to), std::move(how));
  co_return tcp_connection(co_await std::move(connecting), context.names);
}

// --- listening ------------------------------------------------------------------------------

Result<Handle> listening_socket(const Address& address, const SocketAddr& where, bool ipv6_only) {
  auto socket = TcpSocket::new_for(where);
  if (!socket) return fail(socket.error());
  if (auto set = set_up_socket(socket->native(), address); !set) return fail(set.error());
  // Not left to the system's default, which differs.
  if (where.is_ipv6()) {
    auto set = sockopt::set(socket->native(), sockopt::v6only, ipv6_only);
    if (!set) return fail(set.error());
  }
  if (auto set = socket->set_reuseaddr(true); !set) return fail(set.error());
  if (auto bound = socket->bind(where); !bound) return fail(bound.error());
  const auto backlog = address.integer("backlog").value_or(TcpListener::default_backlog);
  auto listener = std::move(*socket).listen(static_cast<int>(backlog));
  if (!listener) return fail(listener.error());
  return std::move(*listener).into_native();
}

Task<ListenerPtr> listen_tcp(const Address& address, const OpenContext& /*context*/) {
  Handle socket = co_await bind_where_it_can_be(address, listening_socket);
  co_return co_await tcp_listener(std::move(socket), address.kind->name);
}

}  // namespace

constexpr Kind tcp{
    .name = "tcp",
    .form = "tcp://HOST:PORT",
    .summary = "TCP over IPv4 or IPv6",
    .parameter = Parameter::host_port,
    .roles = Roles::both,
    .traffic = Traffic::stream,
    .any_thread = true,
    .options = options,
    .example = "tcp://example.org:80,connect-timeout=5s",
    .help = hosts,
    .open = open_tcp,
    .listen = listen_tcp,
};

constexpr Kind tcp4{
    .name = "tcp4",
    .form = "tcp4://HOST:PORT",
    .summary = "TCP over IPv4 only",
    .parameter = Parameter::host_port,
    .family = Family::ipv4,
    .roles = Roles::both,
    .traffic = Traffic::stream,
    .any_thread = true,
    .options = options,
    .example = "tcp4-listen://*:8080",
    .help = hosts,
    .open = open_tcp,
    .listen = listen_tcp,
};

constexpr Kind tcp6{
    .name = "tcp6",
    .form = "tcp6://HOST:PORT",
    .summary = "TCP over IPv6 only",
    .parameter = Parameter::host_port,
    .family = Family::ipv6,
    .roles = Roles::both,
    .traffic = Traffic::stream,
    .any_thread = true,
    .options = options,
    .example = "tcp6://[2001:db8::1]:443",
    .help = hosts,
    .open = open_tcp,
    .listen = listen_tcp,
};

}  // namespace fid::endpoint::kind
