// SPDX-License-Identifier: MIT
#include "net/connect_socket.hpp"

#include <fid/net/unix_socket.hpp>
#include <fid/reactor/reactor.hpp>

namespace fid {

Result<UnixSocket> UnixSocket::create(os::SocketType type) noexcept {
  auto socket = os::socket(os::Family::local, type);
  if (!socket) return fail(socket.error());
  return UnixSocket(*std::move(socket), type);
}

Result<UnixSocket> UnixSocket::from_native(Handle socket) noexcept {
  const auto type = os::socket_type(socket.get());
  if (!type) return fail(type.error());
  return UnixSocket(std::move(socket), *type);
}

Result<void> UnixSocket::bind(std::string_view path) noexcept {
  const auto where = UnixAddr::parse(path);
  if (!where) return fail(where.error());
  return bind_addr(*where);
}

Result<void> UnixSocket::bind_addr(const UnixAddr& where) noexcept {
  return os::bind(native(), where.to_raw());
}

template <class Stream>
Task<Stream> UnixSocket::connect_as(Result<UnixAddr> to, Caller caller) {
  static_cast<void>(Reactor::current(caller));
  const auto connect = [](UnixSocket from, Result<UnixAddr> address, Caller by) -> Task<Stream> {
    if (from.type() != Stream::type) {
      co_return fail(std::errc::operation_not_supported, "connect a socket of another type");
    }
    const UnixAddr place = co_await std::move(address);
    co_return Stream(co_await detail::connect_socket(std::move(from.socket_), place.to_raw(),
                                                     detail::both_ways, Stream::kind, by));
  };
  return connect(std::move(*this), std::move(to), caller);
}

Task<UnixStream> UnixSocket::connect(std::string_view path, Caller caller) && {
  return connect_as<UnixStream>(UnixAddr::parse(path), caller);
}

Task<UnixStream> UnixSocket::connect_addr(const UnixAddr& to, Caller caller) && {
  return connect_as<UnixStream>(to, caller);
}

Task<UnixSeqpacket> UnixSocket::connect_seqpacket(const UnixAddr& to, Caller caller) && {
  return connect_as<UnixSeqpacket>(to, caller);
}

template <class Listener>
Result<Listener> UnixSocket::listen_as(os::SocketType type, int backlog, Caller caller) {
  if (type_ != type) {
    return fail(std::errc::operation_not_supported, "listen on a socket of another type");
  }
  if (auto listening = os::listen(native(), backlog); !listening) return fail(listening.error());
  return Listener::from_native(std::move(socket_), caller);
}

Result<UnixListener> UnixSocket::listen(int backlog, Caller caller) && {
  return listen_as<UnixListener>(os::SocketType::stream, backlog, caller);
}

Result<UnixSeqpacketListener> UnixSocket::listen_seqpacket(int backlog, Caller caller) && {
  return listen_as<UnixSeqpacketListener>(os::SocketType::seqpacket, backlog, caller);
}

Result<UnixDatagram> UnixSocket::datagram(Caller caller) && {
  if (type_ != os::SocketType::datagram) {
    return fail(std::errc::operation_not_supported, "datagrams on a socket of another type");
  }
  if (auto pending = detail::take_error(native())) return fail(*pending);
  return UnixDatagram::from_native(std::move(socket_), caller);
}

std::string UnixSocket::to_string() const {
  return detail::socket_text("UnixSocket", native(), detail::text_of(local_addr()), std::nullopt);
}

}  // namespace fid
