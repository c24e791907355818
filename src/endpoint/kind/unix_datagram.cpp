// SPDX-License-Identifier: MIT
#include "endpoint/datagrams.hpp"
#include "endpoint/endpoint.hpp"
#include "endpoint/kind/common_options.hpp"
#include "endpoint/kind/kinds.hpp"
#include "endpoint/socket_setup.hpp"
#include "endpoint/unix_path.hpp"

#include <utility>

namespace fid::endpoint::kind {
namespace {

constexpr OptionSpec options[] = {
    {
        .name = "bind",
        .type = ValueType::text,
        .value_name = "PATH",
        .roles = Roles::connects,
        .when = When::before_bind,
        .help = "our own path, where answers are sent; a private one if not given",
        .example = "bind=/tmp/me.sock",
    },
    option::socket_mode,
    option::socket_user,
    option::socket_group,
    option::socket_unlink,
    option::sndbuf,
    option::rcvbuf,
    option::retry,
    option::interval,
    option::eof,
    option::datagram_linger,
};

/// A socket of our own, with a name that answers can be sent to.
Task<BoundPath> bind_ourselves(const Address& address) {
  if (const auto path = address.text("bind")) {
    Address ours(*address.kind, Role::listen);
    ours.path = *path;
    BoundPath bound = co_await bind_unix_path(ours, os::SocketType::datagram);
    co_await set_up_socket(bound.socket.get(), address);
    co_return bound;
  }
  BoundPath bound;
  bound.socket = co_await os::socket(os::Family::local, os::SocketType::datagram);
  co_await set_up_socket(bound.socket.get(), address);
  // Where there are abstract names the system chooses one; elsewhere there are no answers.
  if (UnixAddr::has_abstract_names) co_await os::bind(bound.socket.get(), UnixAddr().to_raw());
  co_return bound;
}

Task<ConnectionPtr> open_datagram(const Address& address, const OpenContext& /*context*/) {
  const UnixAddr to = co_await UnixAddr::from_path(address.path);
  BoundPath ours = co_await bind_ourselves(address);
  co_await os::connect(ours.socket.get(), to.to_raw());
  co_return co_await datagram_connection(std::move(ours));
}

Task<ListenerPtr> listen_for_datagrams(const Address& address, const OpenContext& /*context*/) {
  BoundPath bound = co_await bind_unix_path(address, os::SocketType::datagram);
  co_return co_await datagram_listener(std::move(bound), address.kind->name, address.mode("mode"));
}

}  // namespace

constexpr Kind unix_datagram{
    .name = "unix-dgram",
    .form = "unix-dgram:PATH",
    .summary = "a Unix socket, datagrams",
    .parameter = Parameter::path,
    .roles = Roles::both,
    .traffic = Traffic::datagrams,
    .options = options,
    .example = "unix-dgram:/dev/log",
    .help =
        "Each read from a stream is sent as one message. Where it listens, answers go to the "
        "peer that wrote last, and one connection takes the messages of all.",
    .open = open_datagram,
    .listen = listen_for_datagrams,
};

}  // namespace fid::endpoint::kind
