// SPDX-License-Identifier: MIT
#include "net/connect_socket.hpp"

#include <fid/base/error.hpp>
#include <fid/net/lookup_host.hpp>
#include <fid/net/udp_socket.hpp>

namespace fid {
namespace {

Result<UdpSocket> bind_to(const SocketAddr& address) {
  auto socket = os::socket(address.family(), os::SocketType::datagram);
  if (!socket) return fail(socket.error());
  if (auto bound = os::bind(socket->get(), address.to_raw()); !bound) return fail(bound.error());
  return UdpSocket::from_native(*std::move(socket));
}

}  // namespace

Task<UdpSocket> UdpSocket::bind(AddressList where) {
  const std::vector<SocketAddr> addresses = co_await lookup_host(std::move(where));
  Error last{make_error_code(Errc::no_address), "bind"};
  for (const SocketAddr& address : addresses) {
    auto socket = bind_to(address);
    if (socket) co_return *std::move(socket);
    last = socket.error();
  }
  co_return fail(last);
}

Result<UdpSocket> UdpSocket::from_native(Handle socket, Caller caller) {
  detail::expect_nonblocking(socket.get(), caller);
  auto io = Registration::create(std::move(socket), detail::both_ways, Registration::Kind::datagram,
                                 detail::connected_presumed, caller);
  if (!io) return fail(io.error());
  return UdpSocket(*std::move(io));
}

Task<void> UdpSocket::connect(AddressList to) {
  const std::vector<SocketAddr> addresses = co_await lookup_host(std::move(to));
  Error last{make_error_code(Errc::no_address), "connect"};
  for (const SocketAddr& address : addresses) {
    const auto connected = os::connect(native(), address.to_raw());
    if (connected) co_return;
    last = connected.error();
  }
  co_await fail(last);
}

Task<std::size_t> UdpSocket::send_to_first(Bytes message, AddressList to) {
  const std::vector<SocketAddr> addresses = co_await lookup_host(std::move(to));
  if (addresses.empty()) co_return fail(Errc::no_address, "sendto");
  co_return co_await send_to(message, addresses.front());
}

std::string UdpSocket::to_string() const {
  return detail::socket_text("UdpSocket", native(), detail::text_of(local_addr()),
                             detail::text_of(peer_addr()));
}

}  // namespace fid
