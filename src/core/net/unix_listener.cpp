// SPDX-License-Identifier: MIT
#include <fid/net/unix_listener.hpp>

namespace fid {

template <class Stream>
Result<BasicUnixListener<Stream>> BasicUnixListener<Stream>::bind(std::string_view path,
                                                                  Caller caller) {
  const auto where = UnixAddr::parse(path);
  if (!where) return fail(where.error());
  return bind_addr(*where, caller);
}

template <class Stream>
Result<BasicUnixListener<Stream>> BasicUnixListener<Stream>::bind_addr(const UnixAddr& where,
                                                                       Caller caller) {
  auto socket = os::socket(os::Family::local, Stream::type);
  if (!socket) return fail(socket.error());
  if (auto bound = os::bind(socket->get(), where.to_raw()); !bound) return fail(bound.error());
  if (auto listening = os::listen(socket->get(), default_backlog); !listening) {
    return fail(listening.error());
  }
  return BasicUnixListener::from_native(*std::move(socket), caller);
}

template <class Stream>
std::string BasicUnixListener<Stream>::to_string() const {
  constexpr bool streams = Stream::type == os::SocketType::stream;
  return detail::socket_text(streams ? "UnixListener" : "UnixSeqpacketListener", this->native(),
                             detail::text_of(this->local_addr()), std::nullopt);
}

template class BasicUnixListener<UnixStream>;
template class BasicUnixListener<UnixSeqpacket>;

}  // namespace fid
