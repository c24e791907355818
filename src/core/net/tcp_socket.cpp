// SPDX-License-Identifier: MIT
#include "net/connect_socket.hpp"

#include <fid/net/tcp_socket.hpp>
#include <fid/reactor/reactor.hpp>

namespace fid {

Result<TcpSocket> TcpSocket::create(os::Family family, os::Protocol protocol) noexcept {
  auto socket = os::socket(family, os::SocketType::stream, protocol);
  if (!socket) return fail(socket.error());
  return TcpSocket(*std::move(socket));
}

Task<TcpStream> TcpSocket::connect(const SocketAddr& to, Caller caller) && {
  static_cast<void>(Reactor::current(caller));
  const auto connect = [](Handle socket, os::RawAddr address, Caller from) -> Task<TcpStream> {
    co_return TcpStream(co_await detail::connect_socket(
        std::move(socket), address, TcpStream::interest, Registration::Kind::stream, from));
  };
  return connect(std::move(socket_), to.to_raw(), caller);
}

Result<TcpListener> TcpSocket::listen(int backlog, Caller caller) && {
  if (auto listening = os::listen(native(), backlog); !listening) return fail(listening.error());
  return TcpListener::from_native(std::move(socket_), caller);
}

std::string TcpSocket::to_string() const {
  return detail::socket_text("TcpSocket", native(), detail::text_of(local_addr()), std::nullopt);
}

}  // namespace fid
