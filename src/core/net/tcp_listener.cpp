// SPDX-License-Identifier: MIT
#include <fid/base/error.hpp>
#include <fid/net/lookup_host.hpp>
#include <fid/net/tcp_listener.hpp>
#include <fid/net/tcp_socket.hpp>

namespace fid {
namespace {

Result<TcpListener> listen_on(const SocketAddr& address) {
  auto socket = TcpSocket::new_for(address);
  if (!socket) return fail(socket.error());
  if (auto set = socket->set_reuseaddr(true); !set) return fail(set.error());
  if (auto bound = socket->bind(address); !bound) return fail(bound.error());
  return (*std::move(socket)).listen(TcpListener::default_backlog);
}

}  // namespace

Task<TcpListener> TcpListener::bind(AddressList where) {
  const std::vector<SocketAddr> addresses = co_await lookup_host(std::move(where));
  Error last{make_error_code(Errc::no_address), "bind"};
  for (const SocketAddr& address : addresses) {
    auto listener = listen_on(address);
    if (listener) co_return *std::move(listener);
    last = listener.error();
  }
  co_return fail(last);
}

std::string TcpListener::to_string() const {
  return detail::socket_text("TcpListener", native(), detail::text_of(local_addr()), std::nullopt);
}

}  // namespace fid
