// SPDX-License-Identifier: MIT
#include "endpoint/kind/common_options.hpp"
#include "endpoint/kind/kinds.hpp"
#include "endpoint/socket_setup.hpp"
#include "endpoint/unix_connection.hpp"

#include <utility>

namespace fid::endpoint::kind {
namespace {

constexpr OptionSpec path_options[] = {
    option::socket_mode, option::socket_user, option::socket_group, option::socket_unlink,
    option::backlog,     option::sndbuf,      option::rcvbuf,       option::connect_timeout,
    option::retry,       option::interval,    option::eof,          option::linger,
};

constexpr OptionSpec abstract_options[] = {
    option::backlog, option::sndbuf,   option::rcvbuf, option::connect_timeout,
    option::retry,   option::interval, option::eof,    option::linger,
};

// --- with a path ----------------------------------------------------------------------------

template <os::SocketType type>
Task<ConnectionPtr> open_path(const Address& address, const OpenContext& context) {
  UnixAddr to = co_await UnixAddr::from_path(address.path);
  co_return co_await connect_unix(address, std::move(to), type, context.names);
}

template <os::SocketType type>
Task<ListenerPtr> listen_on_path(const Address& address, const OpenContext& /*context*/) {
  BoundPath bound = co_await bind_unix_path(address, type);
  UnixListening as{address.kind->name, std::move(bound.file), address.mode("mode")};
  co_return co_await unix_listener(std::move(bound.socket), type, std::move(as));
}

// --- with an abstract name ------------------------------------------------------------------

Task<ConnectionPtr> open_abstract(const Address& address, const OpenContext& context) {
  UnixAddr to = co_await UnixAddr::from_abstract(address.name);
  co_return co_await connect_unix(address, std::move(to), os::SocketType::stream, context.names);
}

Task<ListenerPtr> listen_on_abstract(const Address& address, const OpenContext& /*context*/) {
  const UnixAddr at = co_await UnixAddr::from_abstract(address.name);
  Handle socket = co_await os::socket(os::Family::local, os::SocketType::stream);
  co_await set_up_socket(socket.get(), address);
  co_await os::bind(socket.get(), at.to_raw());
  co_await os::listen(socket.get(), static_cast<int>(address.integer("backlog").value_or(1024)));
  UnixListening as{address.kind->name};
  co_return co_await unix_listener(std::move(socket), os::SocketType::stream, std::move(as));
}

}  // namespace

constexpr Kind unix_stream{
    .name = "unix",
    .form = "unix:PATH",
    .summary = "a Unix socket, a stream of bytes",
    .parameter = Parameter::path,
    .roles = Roles::both,
    .traffic = Traffic::stream,
    .any_thread = true,
    .options = path_options,
    .example = "unix:/run/app.sock,mode=0660",
    .help =
        "Where it listens, a socket left behind by a dead process is replaced; a live one is "
        "never touched. unix:@name is a file of that name: see abstract. Without sndbuf, a stream "
        "that much is sent to gets a send buffer of up to a megabyte.",
    .open = open_path<os::SocketType::stream>,
    .listen = listen_on_path<os::SocketType::stream>,
};

constexpr Kind unix_seqpacket{
    .name = "unix-seq",
    .form = "unix-seq:PATH",
    .summary = "a Unix socket, records in order",
    .parameter = Parameter::path,
    .roles = Roles::both,
    .traffic = Traffic::records,
    .options = path_options,
    .example = "unix-seq:/run/app.sock",
    .help = "SOCK_SEQPACKET: like a stream, with the boundaries of messages kept.",
    .open = open_path<os::SocketType::seqpacket>,
    .listen = listen_on_path<os::SocketType::seqpacket>,
};

constexpr Kind abstract{
    .name = "abstract",
    .form = "abstract:NAME",
    .summary = "a Unix socket without a file, a stream of bytes",
    .parameter = Parameter::name,
    .roles = Roles::both,
    .traffic = Traffic::stream,
    .any_thread = true,
    .options = abstract_options,
    .example = "abstract:app",
    .help = "Linux only. The name vanishes with the process; any local user may connect.",
    .open = open_abstract,
    .listen = listen_on_abstract,
};

}  // namespace fid::endpoint::kind
