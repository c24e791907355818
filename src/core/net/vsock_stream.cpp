// SPDX-License-Identifier: MIT
#include "net/connect_socket.hpp"
#include "net/end_writing.hpp"

#include <fid/net/vsock_stream.hpp>
#include <fid/reactor/reactor.hpp>

namespace fid {

Task<VsockStream> VsockStream::connect(const VsockAddr& to, Caller caller) {
  static_cast<void>(Reactor::current(caller));
  const auto connect = [](VsockAddr address, Caller by) -> Task<VsockStream> {
    // The system would ask whatever machine it has a way to.
    if (address.cid() == VsockAddr::any_cid || address.port() == VsockAddr::any_port) {
      co_return fail(std::errc::invalid_argument, "connect");
    }
    Handle socket = co_await os::socket(os::Family::vsock, type);
    co_return VsockStream(co_await detail::connect_socket(std::move(socket), address.to_raw(),
                                                          detail::both_ways, kind, by));
  };
  return connect(to, caller);
}

Result<VsockStream> VsockStream::from_native(Handle socket, Caller caller) {
  detail::expect_nonblocking(socket.get(), caller);
  auto io = Registration::create(std::move(socket), detail::both_ways, kind,
                                 detail::connected_presumed, caller);
  if (!io) return fail(io.error());
  return VsockStream(*std::move(io));
}

Result<void> VsockStream::attempt_shutdown() noexcept {
  return detail::end_writing(native());
}

std::string VsockStream::to_string() const {
  return detail::socket_text("VsockStream", native(), detail::text_of(local_addr()),
                             detail::text_of(peer_addr()));
}

}  // namespace fid
