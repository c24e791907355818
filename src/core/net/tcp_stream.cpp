// SPDX-License-Identifier: MIT
#include "net/connect_socket.hpp"
#include "net/end_writing.hpp"

#include <fid/base/error.hpp>
#include <fid/net/lookup_host.hpp>
#include <fid/net/tcp_socket.hpp>
#include <fid/net/tcp_stream.hpp>

namespace fid {

Task<TcpStream> TcpStream::connect(AddressList to) {
  const std::vector<SocketAddr> addresses = co_await lookup_host(std::move(to));
  Error last{make_error_code(Errc::no_address), "connect"};
  for (const SocketAddr& address : addresses) {
    auto socket = TcpSocket::new_for(address);
    if (!socket) {
      last = socket.error();
      continue;
    }
    auto stream = co_await as_result((*std::move(socket)).connect(address));
    if (stream) co_return *std::move(stream);
    last = stream.error();
  }
  co_return fail(last);
}

Result<TcpStream> TcpStream::from_native(Handle socket, Caller caller) {
  detail::expect_nonblocking(socket.get(), caller);
  auto io = Registration::create(std::move(socket), interest, Registration::Kind::stream,
                                 detail::connected_presumed, caller);
  if (!io) return fail(io.error());
  return TcpStream(*std::move(io));
}

Result<std::size_t> TcpStream::try_peek(MutableBytes into) {
  return try_when_ready(read_readiness(), Interest::readable,
                        [&] { return os::peek(native(), into); });
}

Result<void> TcpStream::attempt_shutdown() noexcept {
  return detail::end_writing(native());
}

std::string TcpStream::to_string() const {
  return detail::socket_text("TcpStream", native(), detail::text_of(local_addr()),
                             detail::text_of(peer_addr()));
}

}  // namespace fid
