// SPDX-License-Identifier: MIT
#include "endpoint/datagrams.hpp"
#include "endpoint/endpoint.hpp"
#include "endpoint/kind/common_options.hpp"
#include "endpoint/kind/kinds.hpp"
#include "endpoint/tcp_connection.hpp"
#include "endpoint/unix_connection.hpp"

#include <utility>

namespace fid::endpoint::kind {
namespace {

constexpr OptionSpec options[] = {option::eof, option::linger};

/// No path is given to what is made here, so none is removed.
Result<ListenerPtr> unix_listener_on(Handle socket, os::SocketType type) {
  if (type == os::SocketType::datagram) {
    BoundPath bound;
    bound.socket = std::move(socket);
    return datagram_listener(std::move(bound), unix_datagram.name, std::nullopt);
  }
  UnixListening as;
  as.scheme = type == os::SocketType::seqpacket ? unix_seqpacket.name : unix_stream.name;
  return unix_listener(std::move(socket), type, std::move(as));
}

Task<ListenerPtr> listen_on_inherited(const Address& address, const OpenContext& context) {
  if (!context.inherited) co_return fail(std::errc::bad_file_descriptor, "listen-fd");
  Handle socket = co_await context.inherited(address);
  const os::SocketType type = co_await os::socket_type(socket.get());
  const os::RawAddr name = co_await os::local_name(socket.get());
  if (UnixAddr::from_raw(name)) co_return co_await unix_listener_on(std::move(socket), type);
  if (!SocketAddr::from_raw(name)) {
    co_return fail(std::errc::address_family_not_supported, "listen-fd");
  }
  if (type == os::SocketType::datagram) {
    BoundPath pathless;
    pathless.socket = std::move(socket);
    co_return co_await datagram_listener(std::move(pathless), udp.name, std::nullopt);
  }
  if (type != os::SocketType::stream) {
    co_return fail(std::errc::protocol_not_supported, "listen-fd");
  }
  co_return co_await tcp_listener(std::move(socket), tcp.name);
}

}  // namespace

constexpr Kind listen_fd{
    .name = "listen-fd",
    .form = "listen-fd:N",
    .summary = "a listening socket handed down by a supervisor",
    .parameter = Parameter::fd_or_name,
    .roles = Roles::listens,
    .traffic = Traffic::any,
    .options = options,
    .example = "listen-fd:http",
    .help =
        "N is a descriptor's number, or a name in LISTEN_FDNAMES, as set by systemd. The file "
        "of an inherited Unix socket is never removed. Its mode stays as it was; accepting is "
        "faster if it does not block: NonBlocking=yes, in systemd's unit.",
    .listen = listen_on_inherited,
};

}  // namespace fid::endpoint::kind
