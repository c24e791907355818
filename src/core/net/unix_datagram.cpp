// SPDX-License-Identifier: MIT
#include "net/connect_socket.hpp"
#include "net/unix_pair.hpp"

#include <fid/net/unix_datagram.hpp>

namespace fid {
namespace {

constexpr os::SocketType type = os::SocketType::datagram;

}  // namespace

Result<UnixDatagram> UnixDatagram::bind(std::string_view path, Caller caller) {
  const auto where = UnixAddr::from_path(path);
  if (!where) return fail(where.error());
  return bind_addr(*where, caller);
}

Result<UnixDatagram> UnixDatagram::bind_addr(const UnixAddr& where, Caller caller) {
  auto socket = os::socket(os::Family::local, type);
  if (!socket) return fail(socket.error());
  if (auto bound = os::bind(socket->get(), where.to_raw()); !bound) return fail(bound.error());
  return from_native(*std::move(socket), caller);
}

Result<UnixDatagram> UnixDatagram::unbound(Caller caller) {
  auto socket = os::socket(os::Family::local, type);
  if (!socket) return fail(socket.error());
  return from_native(*std::move(socket), caller);
}

Result<std::pair<UnixDatagram, UnixDatagram>> UnixDatagram::pair(Caller caller) {
  return detail::unix_pair<UnixDatagram>(type, caller);
}

Result<UnixDatagram> UnixDatagram::from_native(Handle socket, Caller caller) {
  detail::expect_nonblocking(socket.get(), caller);
  auto io = Registration::create(std::move(socket), detail::both_ways, Registration::Kind::datagram,
                                 detail::connected_presumed, caller);
  if (!io) return fail(io.error());
  return UnixDatagram(*std::move(io));
}

Result<void> UnixDatagram::connect(std::string_view path) {
  const auto to = UnixAddr::from_path(path);
  if (!to) return fail(to.error());
  return connect_addr(*to);
}

Result<void> UnixDatagram::connect_addr(const UnixAddr& to) noexcept {
  return os::connect(native(), to.to_raw());
}

SendToUnixOp UnixDatagram::send_to(Bytes message, std::string_view path) {
  return {native(), message, UnixAddr::from_path(path)};
}

SendToUnixOp UnixDatagram::send_to_addr(Bytes message, const UnixAddr& to) noexcept {
  return {native(), message, to};
}

SendToUnixOp UnixDatagram::send_with_to(Bytes message, const Passing& with,
                                        const UnixAddr& to) noexcept {
  return {native(), message, to, with};
}

Result<std::size_t> UnixDatagram::try_send_to(Bytes message, std::string_view path) {
  const auto to = UnixAddr::from_path(path);
  if (!to) return fail(to.error());
  return try_send_to_addr(message, *to);
}

Result<std::size_t> UnixDatagram::try_send_to_addr(Bytes message, const UnixAddr& to) noexcept {
  // Would-block is about another socket's queue; what is cached about this one stays true.
  if (!write_readiness().has(Interest::writable)) {
    return fail(std::errc::resource_unavailable_try_again, "try");
  }
  return os::send_to(native(), message, to.to_raw());
}

std::string UnixDatagram::to_string() const {
  return detail::socket_text("UnixDatagram", native(), detail::text_of(local_addr()),
                             detail::text_of(peer_addr()));
}

}  // namespace fid
