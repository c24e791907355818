// SPDX-License-Identifier: MIT
#include "endpoint/endpoint.hpp"
#include "endpoint/kind/common_options.hpp"
#include "endpoint/kind/kinds.hpp"
#include "endpoint/socket_setup.hpp"
#include "endpoint/tcp_connection.hpp"

#include <fid/net/connect_any.hpp>
#include <fid/net/lookup_host.hpp>
#include <fid/net/tcp_socket.hpp>

#include <algorithm>
#include <utility>

namespace fid::endpoint::kind {
namespace {

constexpr OptionSpec options[] = {
    {
        .name = "bind",
        .type = ValueType::text,
        .value_name = "HOST[:PORT]",
        .roles = Roles::connects,
        .when = When::before_bind,
        .help = "the local address to connect from",
        .example = "bind=192.0.2.7",
    },
    {
        .name = "interface",
        .aliases = "if|bindtodevice|so-bindtodevice",
        .type = ValueType::text,
        .value_name = "NAME",
        .when = When::before_bind,
        .help = "use this network interface only",
        .example = "interface=eth0",
    },
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
    {
        .name = "reuseport",
        .aliases = "so-reuseport",
        .type = ValueType::flag,
        .default_text = "no",
        .roles = Roles::listens,
        .when = When::before_bind,
        .help = "share the port with other processes that also say so",
        .example = "reuseport",
    },
    {
        .name = "ipv6only",
        .aliases = "ipv6-v6only|v6only",
        .type = ValueType::flag,
        .default_text = "no",
        .roles = Roles::listens,
        .when = When::before_bind,
        .help = "an IPv6 listener takes no IPv4 connections",
        .example = "ipv6only",
    },
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
    "[::1] for tcp6), and of a name's addresses the first is taken that can be. PORT is a number "
    "or a service name; where it listens, 0 takes a free one. tcp:HOST:PORT says the same.";

bool is_of(Family family, const SocketAddr& address) {
  return family == Family::any || (family == Family::ipv4) == address.is_ipv4();
}

/// The addresses of `host` that the kind may use. Never none.
Task<std::vector<SocketAddr>> addresses_of(std::string host, std::string port, Family family) {
  AddressList name(host, port);
  std::vector<SocketAddr> found = co_await lookup_host(std::move(name));
  std::erase_if(found, [&](const SocketAddr& address) { return !is_of(family, address); });
  if (found.empty()) co_return fail(Errc::no_address, "getaddrinfo");
  co_return found;
}

// --- connecting -----------------------------------------------------------------------------

/// What `bind=HOST[:PORT]` names; none if it was not written.
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

const SocketAddr* of_same_family(const std::vector<SocketAddr>& from, const SocketAddr& as) {
  const auto found = std::find_if(from.begin(), from.end(), [&](const SocketAddr& one) {
    return one.is_ipv4() == as.is_ipv4();
  });
  return found == from.end() ? nullptr : &*found;
}

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

Task<Connection> open_tcp(const Address& address, const OpenContext& /*context*/) {
  const std::vector<SocketAddr> from = co_await sources(address);
  AddressList to(co_await addresses_of(address.host, address.port, address.kind->family));
  ConnectOptions how([&](TcpSocket& socket, const SocketAddr& where) {
    return prepare(socket, where, address, from);
  });
  auto connecting = connect_any(std::move(to), std::move(how));
  co_return tcp_connection(co_await std::move(connecting));
}

// --- listening ------------------------------------------------------------------------------

Result<TcpListener> listen_on(const Address& address, const SocketAddr& where, bool ipv6_only) {
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
  return std::move(*socket).listen(static_cast<int>(backlog));
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

Task<ListenerPtr> listen_tcp(const Address& address, const OpenContext& /*context*/) {
  const Family own = address.kind->family;
  const auto wish = address.written("ipv6only") ? address.flag("ipv6only") : std::nullopt;
  const bool ipv6_only = wish.value_or(own == Family::ipv6);
  const Family family = ipv6_only && own == Family::any ? Family::ipv6 : own;
  const bool everywhere = address.host == "*" && family == Family::any;

  const std::vector<SocketAddr> where =
      co_await addresses_of(host_to_listen_on(address, family), address.port, family);
  auto listener = listen_on(address, where[0], ipv6_only);
  for (std::size_t i = 1; i < where.size() && !listener; ++i) {
    listener = listen_on(address, where[i], ipv6_only);
  }
  if (!listener && everywhere && says_there_is_no_ipv6(listener.error())) {
    const SocketAddr all_ipv4(Ipv4Addr::unspecified(), where[0].port());
    listener = listen_on(address, all_ipv4, ipv6_only);
  }
  if (!listener) co_return fail(listener.error());
  Handle socket = co_await std::move(*listener).into_native();
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
    .options = options,
    .example = "tcp6://[2001:db8::1]:443",
    .help = hosts,
    .open = open_tcp,
    .listen = listen_tcp,
};

}  // namespace fid::endpoint::kind
