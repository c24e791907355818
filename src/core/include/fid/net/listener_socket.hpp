// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/caller.hpp>
#include <fid/net/accept_op.hpp>
#include <fid/net/socket_names.hpp>
#include <fid/reactor/operation.hpp>
#include <fid/reactor/registration.hpp>

#include <optional>
#include <utility>

namespace fid {

/// What TcpListener, UnixListener and VsockListener share: a socket L that accepts connections of
/// type Stream.  listen(2)
///
/// Shape: movable, sole owner of its socket; lives on the reactor of the thread that made it.
/// Errors: a failed accept() concerns one connection; the listener goes on working.
/// Cancellation: a cancelled accept() has taken nothing; the next one gets that connection.
template <class L, class Stream>
class ListenerSocket {
 public:
  using Address = typename Stream::Address;

  /// Adopts a listening socket that does not block.
  static Result<L> from_native(Handle socket, Caller caller = Caller::here()) {
    detail::expect_nonblocking(socket.get(), caller);
    auto io = Registration::create(std::move(socket), Interest::readable,
                                   Registration::Kind::stream, Ready::readable, caller);
    if (!io) return fail(io.error());
    return L(*std::move(io));
  }
  /// Gives the socket up, still listening and non-blocking.
  Result<Handle> into_native() && { return std::move(io_).release(); }

  /// The next connection: `auto [stream, peer] = co_await listener.accept();` Any number of tasks
  /// may wait; each is woken, and one of them gets it.
  AcceptOp<Stream> accept() const noexcept { return AcceptOp<Stream>(io_); }
  /// One attempt if a connection may be there; would-block otherwise.
  Result<typename AcceptOp<Stream>::Accepted> try_accept(Caller caller = Caller::here()) const {
    return AcceptOp<Stream>::try_accept(io_, caller);
  }
  /// Waits for a connection. May be spurious: follow with try_accept(), in a loop.
  ReadyOp readable() const noexcept { return {io_.readiness(), Interest::readable}; }

  /// Where it listens, with the port that it got.
  Result<Address> local_addr() const { return detail::local_addr<Address>(native()); }
  /// The pending error of the socket, once; none when there is none. SO_ERROR
  std::optional<Error> take_error() noexcept { return detail::take_error(native()); }

  /// Borrowed: neither to be closed nor to be made blocking.
  Native native() const noexcept { return io_.native(); }

 protected:
  explicit ListenerSocket(Registration io) noexcept : io_(std::move(io)) {}
  ~ListenerSocket() = default;
  ListenerSocket(ListenerSocket&&) noexcept = default;
  ListenerSocket& operator=(ListenerSocket&&) noexcept = default;

 private:
  Registration io_;
};

}  // namespace fid
