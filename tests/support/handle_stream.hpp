// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/os.hpp>
#include <fid/io/read_write.hpp>
#include <fid/net/socket_addr.hpp>
#include <fid/reactor/registration.hpp>

#include <gtest/gtest.h>

#include <utility>

namespace fid::test {

/// The plainest stream over a socket or an end of a pipe.
class HandleStream : public Reads<HandleStream>, public Writes<HandleStream> {
 public:
  explicit HandleStream(Handle handle)
      : io_(Registration::create(std::move(handle), Interest::readable | Interest::writable)
                .value()) {}

  Native native() const noexcept { return io_.native(); }
  Registration& registration() noexcept { return io_; }

  Result<std::size_t> attempt_read(MutableBytes into) { return os::read(io_.native(), into); }
  Readiness& read_readiness() noexcept { return io_.readiness(); }
  Result<std::size_t> attempt_write(Bytes from) { return os::write(io_.native(), from); }
  Result<void> attempt_flush() { return {}; }
  Result<void> attempt_shutdown() {
    auto done = os::shutdown(io_.native(), os::Shutdown::write);
    if (done || done.error().code == std::errc::not_connected) return {};
    // A pipe's stream ends when it is closed.
    if (done.error().code == std::errc::not_a_socket) return {};
    return done;
  }
  Readiness& write_readiness() noexcept { return io_.readiness(); }

 private:
  Registration io_;
};

using HandlePair = std::pair<Handle, Handle>;

inline HandlePair socket_handles() {
  return os::socket_pair(os::SocketType::stream).value();
}

/// A TCP connection over the loopback interface.
inline HandlePair tcp_handles() {
  Handle listener = os::socket(os::Family::inet4, os::SocketType::stream).value();
  EXPECT_TRUE(os::bind(listener.get(), SocketAddr(Ipv4Addr::loopback(), 0).to_raw()));
  EXPECT_TRUE(os::listen(listener.get(), 1));
  Handle client = os::socket(os::Family::inet4, os::SocketType::stream).value();
  EXPECT_TRUE(os::connect(client.get(), os::local_name(listener.get()).value()));
  os::RawAddr peer;
  // The loopback interface has connected by the time connect() returns.
  return {std::move(client), os::accept(listener.get(), peer).value()};
}

}  // namespace fid::test
