// SPDX-License-Identifier: MIT
#include "support/code_of.hpp"
#include "support/run_test.hpp"
#include "support/temp_dir.hpp"

#include <fid/net/unix_listener.hpp>
#include <fid/net/unix_seqpacket.hpp>
#include <fid/net/unix_socket.hpp>
#include <fid/reactor/reactor.hpp>

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace fid {
namespace {

using test::code_of;
using test::run_test;
using test::TempDir;

Task<std::string> receive(UnixSeqpacket& from) {
  std::array<std::byte, 8> bytes;
  const std::size_t n = co_await from.recv(bytes);
  co_return std::string(as_text(Bytes(bytes).first(n)));
}

TEST(UnixSeqpacket, KeepsTheBoundariesOfMessages) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await UnixSeqpacket::pair();
    EXPECT_EQ(co_await near.send(as_bytes("one")), 3U);
    EXPECT_EQ(co_await near.send(as_bytes("")), 0U);
    EXPECT_EQ(co_await near.send(as_bytes("longer than the buffer")), 22U);
    EXPECT_EQ(co_await near.send(as_bytes("two")), 3U);
    EXPECT_EQ(co_await receive(far), "one");
    EXPECT_EQ(co_await receive(far), "");
    EXPECT_EQ(co_await receive(far), "longer t");
    EXPECT_EQ(co_await receive(far), "two");
  });
}

TEST(UnixSeqpacket, EndsWithReadClosed) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await UnixSeqpacket::pair();
    EXPECT_TRUE(near.shutdown(os::Shutdown::write).has_value());
    EXPECT_EQ(co_await receive(far), "");
    while (!far.read_readiness().ready().is_read_closed()) co_await yield_now();
    EXPECT_EQ(code_of(co_await as_result(near.send(as_bytes("x")))), std::errc::broken_pipe);
  });
}

TEST(UnixSeqpacket, ConnectsAndIsAccepted) {
  run_test([]() -> Task<void> {
    const TempDir dir;
    const UnixSeqpacketListener listener = co_await UnixSeqpacketListener::bind(dir / "s");
    UnixSeqpacket client = co_await UnixSeqpacket::connect(dir / "s");
    auto [stream, peer] = co_await listener.accept();
    EXPECT_TRUE(peer.is_unnamed());
    co_await client.send(as_bytes("hello"));
    Buffer buffer;
    EXPECT_EQ(co_await stream.recv_buf(buffer), 5U);
    EXPECT_EQ(as_text(buffer), "hello");
    EXPECT_TRUE(stream.try_recv_buf(buffer).error().would_block());
    EXPECT_EQ(client.peer_addr()->as_pathname(), dir / "s");
    EXPECT_EQ(client.peer_cred(), stream.peer_cred());
    // A stream socket finds nobody of its kind there.
    const auto stranger = co_await as_result(UnixStream::connect(dir / "s"));
    EXPECT_EQ(code_of(stranger), std::errc::wrong_protocol_type);
  });
}

TEST(UnixSeqpacket, ListensWithASocketSetUpBefore) {
  run_test([]() -> Task<void> {
    const TempDir dir;
    UnixSocket socket = co_await UnixSocket::new_seqpacket();
    co_await socket.bind(dir / "s");
    const auto listener = co_await std::move(socket).listen_seqpacket(8);
    UnixSocket from = co_await UnixSocket::new_seqpacket();
    const UnixAddr where = co_await listener.local_addr();
    const UnixSeqpacket client = co_await std::move(from).connect_seqpacket(where);
    EXPECT_EQ(client.to_string(), "UnixSeqpacket(local=(unnamed), peer=" + (dir / "s") +
                                      ", handle=" + std::to_string(client.native()) + ")");
  });
}

TEST(UnixSeqpacketDeathTest, WithoutAReactorTheCallerIsNamed) {
  EXPECT_DEATH(static_cast<void>(UnixSeqpacket::pair()), "unix_seqpacket_test.cpp");
}

TEST(UnixSeqpacketDeathTest, AdoptingABlockingSocketNamesTheCaller) {
#ifdef NDEBUG
  GTEST_SKIP() << "checked in debug builds only";
#else
  const auto reactor = Reactor::create().value();
  auto ends = os::socket_pair(os::SocketType::seqpacket).value();
  ASSERT_TRUE(os::set_nonblocking(ends.first.get(), false));
  EXPECT_DEATH(static_cast<void>(UnixSeqpacket::from_native(std::move(ends.first))),
               "unix_seqpacket_test.cpp.*does not block");
#endif
}

}  // namespace
}  // namespace fid
