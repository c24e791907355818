// SPDX-License-Identifier: MIT
#include "support/code_of.hpp"
#include "support/run_test.hpp"
#include "support/tcp_stream_pair.hpp"

#include <fid/net/tcp_socket.hpp>
#include <fid/task/task_group.hpp>

#include <gtest/gtest.h>

#include <fcntl.h>

#include <array>
#include <chrono>

namespace fid {
namespace {

using namespace std::chrono_literals;
using test::code_of;
using test::loopback;
using test::run_test;

TEST(TcpSocket, NeedsNoReactorAndHasTheFlagsOfEveryHandle) {
  for (auto make : {TcpSocket::new_v4, TcpSocket::new_v6}) {
    const TcpSocket socket = make().value();
    EXPECT_NE(::fcntl(socket.native(), F_GETFL) & O_NONBLOCK, 0);
    EXPECT_NE(::fcntl(socket.native(), F_GETFD) & FD_CLOEXEC, 0);
  }
  const TcpSocket six = TcpSocket::new_for(SocketAddr(Ipv6Addr::loopback(), 0)).value();
  EXPECT_TRUE(six.local_addr()->is_ipv6());
}

TEST(TcpSocket, ReadsBackItsOptions) {
  TcpSocket socket = TcpSocket::new_v4().value();
  EXPECT_FALSE(socket.keepalive().value());
  EXPECT_TRUE(socket.set_keepalive(true).has_value());
  EXPECT_TRUE(socket.keepalive().value());
  EXPECT_FALSE(socket.reuseaddr().value());
  EXPECT_TRUE(socket.set_reuseaddr(true).has_value());
  EXPECT_TRUE(socket.reuseaddr().value());
  EXPECT_FALSE(socket.reuseport().value());
  EXPECT_TRUE(socket.set_reuseport(true).has_value());
  EXPECT_TRUE(socket.reuseport().value());
  EXPECT_FALSE(socket.nodelay().value());
  EXPECT_TRUE(socket.set_nodelay(true).has_value());
  EXPECT_TRUE(socket.nodelay().value());
  EXPECT_TRUE(socket.set_send_buffer_size(32'768).has_value());
  EXPECT_GE(socket.send_buffer_size().value(), 32'768U);
  EXPECT_TRUE(socket.set_recv_buffer_size(32'768).has_value());
  EXPECT_GE(socket.recv_buffer_size().value(), 32'768U);
  EXPECT_TRUE(socket.set_tos(0x10).has_value());
  EXPECT_EQ(socket.tos_v4().value(), 0x10U);
  EXPECT_TRUE(socket.set_tos_v4(0x28).has_value());
  EXPECT_EQ(socket.tos().value(), 0x28U);
  EXPECT_FALSE(socket.tclass_v6().has_value());
  TcpSocket six = TcpSocket::new_v6().value();
  EXPECT_TRUE(six.set_tclass_v6(0x20).has_value());
  EXPECT_EQ(six.tclass_v6().value(), 0x20U);
}

TEST(TcpSocket, RoundsLingerUp) {
  TcpSocket socket = TcpSocket::new_v4().value();
  EXPECT_EQ(socket.linger().value(), std::nullopt);
  EXPECT_TRUE(socket.set_linger(1ms).has_value());
  EXPECT_EQ(socket.linger().value(), 1s);
  EXPECT_TRUE(socket.set_zero_linger().has_value());
  EXPECT_EQ(socket.linger().value(), 0s);
}

TEST(TcpSocket, NamesNoInterfaceUntilBoundToOne) {
  TcpSocket socket = TcpSocket::new_v4().value();
  EXPECT_EQ(socket.device().value(), std::nullopt);
  const auto unknown = socket.bind_device("no-such-if");
  ASSERT_FALSE(unknown.has_value());
  EXPECT_TRUE(unknown.error().code == std::errc::no_such_device ||
              unknown.error().code == std::errc::operation_not_permitted);
}

TEST(TcpSocket, ConnectsFromWhereItWasBound) {
  run_test([]() -> Task<void> {
    const TcpListener listener = co_await TcpListener::bind(loopback());
    TcpSocket socket = co_await TcpSocket::new_v4();
    EXPECT_TRUE(socket.local_addr()->ip().is_unspecified());
    co_await socket.bind(loopback());
    const SocketAddr here = co_await socket.local_addr();
    const SocketAddr there = co_await listener.local_addr();
    const TcpStream stream = co_await std::move(socket).connect(there);
    const auto [far, peer] = co_await listener.accept();
    EXPECT_EQ(peer, here);
  });
}

TEST(TcpSocket, ListensOnAPortOfTheSystemsChoiceIfNotBound) {
  run_test([]() -> Task<void> {
    TcpSocket socket = co_await TcpSocket::new_v4();
    const TcpListener listener = co_await std::move(socket).listen(1'000'000);
    EXPECT_NE(listener.local_addr()->port(), 0);
  });
}

TEST(TcpSocket, ReportsARefusedConnectionByTheCallsName) {
  run_test([]() -> Task<void> {
    TcpSocket unlistened = co_await TcpSocket::new_v4();
    co_await unlistened.bind(loopback());
    const SocketAddr nobody = co_await unlistened.local_addr();
    TcpSocket socket = co_await TcpSocket::new_v4();
    const auto stream = co_await as_result(std::move(socket).connect(nobody));
    EXPECT_FALSE(stream.has_value());
    if (stream) co_return;
    EXPECT_EQ(code_of(stream), std::errc::connection_refused);
    EXPECT_EQ(stream.error().operation, "connect");
  });
}

TEST(TcpSocket, ACancelledConnectClosesItsSocket) {
  run_test([]() -> Task<void> {
    const TcpListener listener = co_await TcpListener::bind(loopback());
    const SocketAddr where = co_await listener.local_addr();
    TcpSocket socket = co_await TcpSocket::new_v4();
    const Native handle = socket.native();
    {
      auto connecting = [](TcpSocket from, SocketAddr to) -> Task<void> {
        co_await std::move(from).connect(to);
      };
      TaskGroup group;
      group.add(connecting(std::move(socket), where));
      EXPECT_EQ(group.size(), 1U);  // pends, although the handshake is over on loopback (G15)
    }
    EXPECT_EQ(::fcntl(handle, F_GETFD), -1);
  });
}

TEST(TcpSocket, AdoptsAndReleasesWithoutAReactor) {
  TcpSocket socket = TcpSocket::new_v4().value();
  const Native number = socket.native();
  Handle handle = std::move(socket).into_native();
  EXPECT_EQ(handle.get(), number);
  TcpSocket adopted = TcpSocket::from_native(std::move(handle));
  EXPECT_EQ(adopted.native(), number);
  EXPECT_FALSE(adopted.take_error().has_value());
  EXPECT_EQ(adopted.to_string(),
            "TcpSocket(local=0.0.0.0:0, handle=" + std::to_string(number) + ")");
}

TEST(TcpSocketDeathTest, ConnectingWithoutAReactorNamesTheCaller) {
  TcpSocket socket = TcpSocket::new_v4().value();
  EXPECT_DEATH(static_cast<void>(std::move(socket).connect(loopback(1))), "tcp_socket_test.cpp");
}

TEST(TcpSocket, SpeaksMultipathWithThoseThatDo) {
  const auto made = TcpSocket::new_multipath(os::Family::inet4);
  if (!made) {
    EXPECT_EQ(made.error().operation, "socket");
    EXPECT_TRUE(made.error().code == std::errc::protocol_not_supported ||
                made.error().code == std::errc::no_protocol_option)
        << describe(made.error());
    GTEST_SKIP() << "not in this kernel";
  }
  run_test([]() -> Task<void> {
    for (const bool both : {true, false}) {
      Result<TcpSocket> listening =
          both ? TcpSocket::new_multipath(os::Family::inet4) : TcpSocket::new_v4();
      TcpSocket server = co_await std::move(listening);
      co_await server.bind(SocketAddr(Ipv4Addr::loopback(), 0));
      const TcpListener listener = co_await std::move(server).listen(8);
      const SocketAddr where = co_await listener.local_addr();
      TcpSocket client = co_await TcpSocket::new_multipath(os::Family::inet4);
      TcpStream near = co_await std::move(client).connect(where);
      auto [far, peer] = co_await listener.accept();
      co_await near.write(as_bytes("either way"));
      std::array<std::byte, 16> bytes;
      EXPECT_EQ(co_await far.read(bytes), 10U);
      EXPECT_EQ(far.is_multipath().value_or(both), both);
      EXPECT_EQ(near.is_multipath().value_or(both), both);
    }
  });
}

TEST(TcpSocket, PlainTcpIsNotMultipath) {
  run_test([]() -> Task<void> {
    test::TcpPair pair = co_await test::tcp_stream_pair();
    const auto multipath = pair.near.is_multipath();
    if (multipath) {
      EXPECT_FALSE(*multipath);
    } else {
      EXPECT_EQ(multipath.error().operation, "TCP_IS_MPTCP");
      EXPECT_EQ(code_of(multipath), std::errc::no_protocol_option);
    }
  });
}

TEST(TcpSocket, ConnectsWithFastOpenWhateverTheSystemMakesOfIt) {
  run_test([]() -> Task<void> {
    TcpSocket server = co_await TcpSocket::new_v4();
    co_await server.set_fastopen(16);
    EXPECT_EQ(server.fastopen().value(), 16U);
    co_await server.bind(SocketAddr(Ipv4Addr::loopback(), 0));
    const TcpListener listener = co_await std::move(server).listen(8);
    const SocketAddr where = co_await listener.local_addr();
    // The first learns whether the peer takes it; the second may use that.
    for (int round = 0; round < 2; ++round) {
      TcpSocket client = co_await TcpSocket::new_v4();
      EXPECT_FALSE(client.fastopen_connect().value());
      co_await client.set_fastopen_connect(true);
      EXPECT_TRUE(client.fastopen_connect().value());
      TcpStream near = co_await std::move(client).connect(where);
      co_await near.write(as_bytes("early"));
      auto [far, peer] = co_await listener.accept();
      std::array<std::byte, 16> bytes;
      EXPECT_EQ(co_await far.read(bytes), 5U);
      co_await far.write(as_bytes("answer"));
      EXPECT_EQ(co_await near.read(bytes), 6U);
    }
  });
}

}  // namespace
}  // namespace fid
