// SPDX-License-Identifier: MIT
#include "net/connect_socket.hpp"
#include "net/unix_pair.hpp"

#include <fid/net/unix_seqpacket.hpp>
#include <fid/net/unix_socket.hpp>
#include <fid/reactor/reactor.hpp>

namespace fid {
namespace {

Task<UnixSeqpacket> connect_to(Result<UnixAddr> to, Caller caller) {
  const UnixAddr address = co_await std::move(to);
  UnixSocket socket = co_await UnixSocket::new_seqpacket();
  co_return co_await std::move(socket).connect_seqpacket(address, caller);
}

}  // namespace

Task<UnixSeqpacket> UnixSeqpacket::connect(std::string_view path, Caller caller) {
  static_cast<void>(Reactor::current(caller));
  return connect_to(UnixAddr::parse(path), caller);
}

Task<UnixSeqpacket> UnixSeqpacket::connect_addr(const UnixAddr& to, Caller caller) {
  static_cast<void>(Reactor::current(caller));
  return connect_to(to, caller);
}

Result<std::pair<UnixSeqpacket, UnixSeqpacket>> UnixSeqpacket::pair(Caller caller) {
  return detail::unix_pair<UnixSeqpacket>(type, caller);
}

Result<UnixSeqpacket> UnixSeqpacket::from_native(Handle socket, Caller caller) {
  detail::expect_nonblocking(socket.get(), caller);
  auto io = Registration::create(std::move(socket), detail::both_ways, kind,
                                 detail::connected_presumed, caller);
  if (!io) return fail(io.error());
  return UnixSeqpacket(*std::move(io));
}

std::string UnixSeqpacket::to_string() const {
  return detail::socket_text("UnixSeqpacket", native(), detail::text_of(local_addr()),
                             detail::text_of(peer_addr()));
}

}  // namespace fid
