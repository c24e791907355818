// SPDX-License-Identifier: MIT
#include "net/connect_socket.hpp"

#include <fid/reactor/operation.hpp>

namespace fid::detail {

Task<Registration> connect_socket(Handle socket, os::RawAddr to, Interest interest,
                                  Registration::Kind kind, Caller caller) {
  co_await os::connect(socket.get(), to);
  Registration io =
      co_await Registration::create(std::move(socket), interest, kind, Ready::empty, caller);
  co_await ReadyOp(io.readiness(), Interest::writable);
  const Result<void> ended = os::take_error(io.native());
  if (!ended) co_return fail(ended.error().code, "connect");
  co_return std::move(io);
}

}  // namespace fid::detail
