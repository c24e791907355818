// SPDX-License-Identifier: MIT
#include "support/code_of.hpp"
#include "support/run_test.hpp"
#include "support/tcp_stream_pair.hpp"

#include <fid/base/os.hpp>
#include <fid/net/tcp_socket.hpp>
#include <fid/reactor/reactor.hpp>
#include <fid/reactor/sleep.hpp>
#include <fid/task/task_group.hpp>

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/resource.h>

#include <array>

namespace fid {
namespace {

using namespace std::chrono_literals;
using test::code_of;
using test::loopback;
using test::run_test;

TEST(TcpListener, AcceptsWithThePeersAddressAndTheFlagsOfEveryHandle) {
  run_test([]() -> Task<void> {
    const TcpListener listener = co_await TcpListener::bind(loopback());
    const SocketAddr where = co_await listener.local_addr();
    EXPECT_NE(where.port(), 0);
    const TcpStream client = co_await TcpStream::connect(where);
    const auto [stream, peer] = co_await listener.accept();
    EXPECT_EQ(peer, client.local_addr().value());
    EXPECT_EQ(stream.peer_addr().value(), peer);
    for (const Native handle : {listener.native(), client.native(), stream.native()}) {
      EXPECT_NE(::fcntl(handle, F_GETFL) & O_NONBLOCK, 0);
      EXPECT_NE(::fcntl(handle, F_GETFD) & FD_CLOEXEC, 0);
    }
  });
}

Task<void> accept_one(const TcpListener& from, int& accepted) {
  co_await from.accept();
  ++accepted;
}

TEST(TcpListener, WakesEveryAcceptorAndLosesNoConnection) {
  run_test([]() -> Task<void> {
    const TcpListener listener = co_await TcpListener::bind(loopback());
    const SocketAddr where = co_await listener.local_addr();
    int accepted = 0;
    TaskGroup acceptors;
    for (int i = 0; i < 3; ++i) acceptors.add(accept_one(listener, accepted));
    std::vector<TcpStream> clients;
    for (int i = 0; i < 3; ++i) clients.push_back(co_await TcpStream::connect(where));
    co_await acceptors.join();
    EXPECT_EQ(accepted, 3);
  });
}

TEST(TcpListener, ACancelledAcceptHasTakenNothing) {
  run_test([]() -> Task<void> {
    const TcpListener listener = co_await TcpListener::bind(loopback());
    const SocketAddr where = co_await listener.local_addr();
    int accepted = 0;
    TaskGroup cancelled;
    cancelled.add(accept_one(listener, accepted));
    co_await yield_now();
    const TcpSocket client = co_await TcpSocket::new_v4();
    EXPECT_TRUE(os::connect(client.native(), where.to_raw()).has_value());
    cancelled.cancel();
    const auto [stream, peer] = co_await listener.accept();
    EXPECT_EQ(peer, client.local_addr().value());
    EXPECT_EQ(accepted, 0);
  });
}

TEST(TcpListener, TriesItsAddressesInTurn) {
  run_test([]() -> Task<void> {
    const TcpListener first = co_await TcpListener::bind(loopback());
    const SocketAddr taken = co_await first.local_addr();
    const std::array where{taken, loopback()};
    const TcpListener second = co_await TcpListener::bind(where);
    EXPECT_NE(second.local_addr().value(), taken);
    const auto refused = co_await as_result(TcpListener::bind(taken));
    EXPECT_EQ(code_of(refused), std::errc::address_in_use);
    const SocketAddr not_ours(Ipv4Addr(192, 0, 2, 1), 0);
    const std::array neither{not_ours, taken};
    EXPECT_EQ(code_of(co_await as_result(TcpListener::bind(neither))), std::errc::address_in_use)
        << "the last of the errors";
    const std::vector<SocketAddr> nowhere;
    const auto none = co_await as_result(TcpListener::bind(nowhere));
    EXPECT_EQ(code_of(none), std::errc::invalid_argument);
  });
}

TEST(TcpListener, BindsAgainWhileOldConnectionsLinger) {
  run_test([]() -> Task<void> {
    SocketAddr where;
    {
      const TcpListener listener = co_await TcpListener::bind(loopback());
      where = co_await listener.local_addr();
      TcpStream client = co_await TcpStream::connect(where);
      auto [stream, peer] = co_await listener.accept();
      co_await stream.shutdown();  // who ends first is left in TIME_WAIT
      std::array<std::byte, 1> byte;
      EXPECT_EQ(co_await client.read(byte), 0U);
    }
    const auto again = co_await as_result(TcpListener::bind(where));
    EXPECT_TRUE(again.has_value());
  });
}

/// Lets the process open no more handles while it lives.
class NoMoreHandles {
 public:
  NoMoreHandles() {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit none{0, before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &none);
  }
  NoMoreHandles(const NoMoreHandles&) = delete;
  NoMoreHandles& operator=(const NoMoreHandles&) = delete;
  ~NoMoreHandles() { ::setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

TEST(TcpListener, AFailedAcceptLeavesTheConnectionToTheNext) {
  run_test([]() -> Task<void> {
    const TcpListener listener = co_await TcpListener::bind(loopback());
    const SocketAddr where = co_await listener.local_addr();
    const TcpStream client = co_await TcpStream::connect(where);
    for (int i = 0; i < 2; ++i) {
      const NoMoreHandles exhausted;
      const auto accepted = co_await as_result(listener.accept());
      EXPECT_EQ(code_of(accepted), std::errc::too_many_files_open);
    }
    const auto [stream, peer] = co_await listener.accept();
    EXPECT_EQ(peer, client.local_addr().value());
  });
}

TEST(TcpListener, IsGivenUpAndAdoptedAgain) {
  run_test([]() -> Task<void> {
    TcpListener listener = co_await TcpListener::bind(loopback());
    const SocketAddr where = co_await listener.local_addr();
    Handle handle = co_await std::move(listener).into_native();
    EXPECT_TRUE(os::is_nonblocking(handle.get()).value());
    const TcpListener adopted = co_await TcpListener::from_native(std::move(handle));
    const TcpStream client = co_await TcpStream::connect(where);
    const auto [stream, peer] = co_await adopted.accept();
    EXPECT_EQ(adopted.local_addr().value(), where);
  });
}

TEST(TcpListener, SaysWhereItListens) {
  run_test([]() -> Task<void> {
    TcpListener listener = co_await TcpListener::bind(loopback());
    EXPECT_EQ(listener.to_string(), "TcpListener(local=" + listener.local_addr()->to_string() +
                                        ", handle=" + std::to_string(listener.native()) + ")");
    EXPECT_TRUE(listener.set_ttl(17).has_value());
    EXPECT_EQ(listener.ttl().value(), 17U);
  });
}

TEST(TcpListenerDeathTest, WithoutAReactorTheCallerIsNamed) {
  auto socket = TcpSocket::new_v4().value();
  EXPECT_DEATH(static_cast<void>(std::move(socket).listen(1)), "tcp_listener_test.cpp");
}

TEST(TcpListener, TryAcceptFollowsReadiness) {
  run_test([]() -> Task<void> {
    const TcpListener listener = co_await TcpListener::bind(loopback());
    const SocketAddr where = co_await listener.local_addr();
    const TcpSocket client = co_await TcpSocket::new_v4();
    EXPECT_TRUE(os::connect(client.native(), where.to_raw()).has_value());
    EXPECT_TRUE(listener.try_accept().error().would_block()) << "the selector has not spoken";
    co_await listener.readable();
    const auto accepted = listener.try_accept();
    EXPECT_EQ(accepted->second, client.local_addr().value());
    EXPECT_TRUE(listener.try_accept().error().would_block());
    EXPECT_TRUE(listener.try_accept().error().would_block());
  });
}

TEST(TcpListenerDeathTest, AdoptingABlockingSocketNamesTheCaller) {
#ifdef NDEBUG
  GTEST_SKIP() << "checked in debug builds only";
#else
  const auto reactor = Reactor::create().value();
  Handle socket = os::socket(os::Family::inet4, os::SocketType::stream).value();
  ASSERT_TRUE(os::set_nonblocking(socket.get(), false));
  EXPECT_DEATH(static_cast<void>(TcpListener::from_native(std::move(socket))),
               "tcp_listener_test.cpp.*does not block");
#endif
}

}  // namespace
}  // namespace fid
