// SPDX-License-Identifier: MIT
#include <fid/net/vsock_listener.hpp>

namespace fid {

Result<VsockListener> VsockListener::bind(const VsockAddr& where, Caller caller) {
  auto socket = os::socket(os::Family::vsock, VsockStream::type);
  if (!socket) return fail(socket.error());
  if (auto bound = os::bind(socket->get(), where.to_raw()); !bound) return fail(bound.error());
  if (auto listening = os::listen(socket->get(), default_backlog); !listening) {
    return fail(listening.error());
  }
  return from_native(*std::move(socket), caller);
}

std::string VsockListener::to_string() const {
  return detail::socket_text("VsockListener", native(), detail::text_of(local_addr()),
                             std::nullopt);
}

}  // namespace fid
