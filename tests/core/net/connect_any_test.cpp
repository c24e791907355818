// SPDX-License-Identifier: MIT
#include "support/code_of.hpp"
#include "support/run_test.hpp"
#include "support/tcp_stream_pair.hpp"

#include <fid/base/os.hpp>
#include <fid/net/connect_any.hpp>
#include <fid/net/lookup_host.hpp>
#include <fid/reactor/sleep.hpp>
#include <fid/task/race.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

namespace fid {
namespace {

using namespace std::chrono_literals;
using test::code_of;
using test::loopback;
using test::run_test;
using testing::ElementsAre;

/// An address that neither takes nor refuses connections until it is told to: a listener whose
/// queue is full, so that the system drops what asks for more.
class BlackHole {
 public:
  BlackHole() : listener_(os::socket(os::Family::inet4, os::SocketType::stream).value()) {
    EXPECT_TRUE(os::bind(listener_.get(), loopback().to_raw()).has_value());
    EXPECT_TRUE(os::listen(listener_.get(), 0).has_value());
    for (int i = 0; i < 2; ++i) {
      waiting_.push_back(os::socket(os::Family::inet4, os::SocketType::stream).value());
      EXPECT_TRUE(os::connect(waiting_.back().get(), address().to_raw()).has_value());
    }
  }
  SocketAddr address() const {
    return SocketAddr::from_raw(os::local_name(listener_.get()).value()).value();
  }
  /// Makes room: the next time the client asks, it is answered.
  void open_up() const {
    os::RawAddr peer;
    while (os::accept(listener_.get(), peer)) continue;
  }

 private:
  Handle listener_;
  std::vector<Handle> waiting_;
};

/// An address where connections are refused while it lives.
class Refusing {
 public:
  Refusing() : socket_(TcpSocket::new_v4().value()) {
    EXPECT_TRUE(socket_.bind(loopback()).has_value());
  }
  SocketAddr address() const { return socket_.local_addr().value(); }

 private:
  TcpSocket socket_;
};

const SocketAddr unreachable(Ipv4Addr::broadcast(), 9);

/// Keeps count of the attempts made.
class Attempts {
 public:
  ConnectOptions options(Duration delay) {
    ConnectOptions options([this](TcpSocket& socket, const SocketAddr& to) -> Result<void> {
      addresses.push_back(to);
      handles.push_back(socket.native());
      return {};
    });
    return options.attempt_delay(delay);
  }
  std::vector<SocketAddr> addresses;
  std::vector<Native> handles;
};

TEST(ConnectAny, AlternatesFamiliesBeginningWithTheFirst) {
  const auto four = [](std::uint16_t n) { return SocketAddr(Ipv4Addr::loopback(), n); };
  const auto six = [](std::uint16_t n) { return SocketAddr(Ipv6Addr::loopback(), n); };
  EXPECT_THAT(interleave_families({six(1), six(2), six(3), four(4), four(5)}),
              ElementsAre(six(1), four(4), six(2), four(5), six(3)));
  EXPECT_THAT(interleave_families({four(1), six(2), six(3)}), ElementsAre(four(1), six(2), six(3)));
  EXPECT_THAT(interleave_families({}), ElementsAre());
}

TEST(ConnectAny, StartsTheNextAttemptAtOnceWhenOneFails) {
  run_test([]() -> Task<void> {
    const Refusing refusing;
    const TcpListener listener = co_await TcpListener::bind(loopback());
    const SocketAddr good = co_await listener.local_addr();
    const std::array order{unreachable, refusing.address(), good};
    Attempts attempts;
    const TcpStream stream = co_await connect_any(order, attempts.options(1h));
    EXPECT_EQ(stream.peer_addr().value(), good);
    EXPECT_THAT(attempts.addresses, ElementsAre(unreachable, refusing.address(), good));
  });
}

TEST(ConnectAny, GoesOnToTheNextAfterTheDelay) {
  run_test([]() -> Task<void> {
    const BlackHole silent;
    const TcpListener listener = co_await TcpListener::bind(loopback());
    const SocketAddr good = co_await listener.local_addr();
    const std::array order{silent.address(), good};
    Attempts attempts;
    const TcpStream stream = co_await connect_any(order, attempts.options(5ms));
    EXPECT_EQ(stream.peer_addr().value(), good);
    EXPECT_EQ(attempts.addresses.size(), 2U);
    EXPECT_EQ(::fcntl(attempts.handles[0], F_GETFD), -1);  // the loser is closed
  });
}

TEST(ConnectAny, LeavesTheFirstAloneUntilThen) {
  run_test([]() -> Task<void> {
    const BlackHole silent;
    const TcpListener listener = co_await TcpListener::bind(loopback());
    const SocketAddr good = co_await listener.local_addr();
    const std::array order{silent.address(), good};
    Attempts attempts;
    const auto first = co_await race(connect_any(order, attempts.options(1h)), sleep(20ms));
    EXPECT_EQ(first.index(), 1U);
    EXPECT_THAT(attempts.addresses, ElementsAre(silent.address()));
    EXPECT_TRUE(Reactor::current().timers().empty());
  });
}

TEST(ConnectAny, AnAttemptThatWasOvertakenMayStillWin) {
  run_test([]() -> Task<void> {
    const BlackHole slow;
    const BlackHole silent;
    const std::array order{slow.address(), silent.address()};
    Attempts attempts;
    auto connecting = [&]() -> Task<TcpStream> {
      return connect_any(order, attempts.options(5ms));
    };
    auto opening = [&]() -> Task<void> {
      while (attempts.addresses.size() < 2) co_await sleep(1ms);
      slow.open_up();
    };
    const auto both = co_await all(connecting(), opening());
    EXPECT_EQ(std::get<0>(both).peer_addr().value(), slow.address());
  });
}

TEST(ConnectAny, GivesTheFailureThatSaysMost) {
  run_test([]() -> Task<void> {
    const Refusing refusing;
    for (const bool refused_first : {true, false}) {
      std::vector<SocketAddr> order{unreachable, refusing.address()};
      if (refused_first) std::swap(order[0], order[1]);
      const auto result = co_await as_result(connect_any(order));
      EXPECT_EQ(code_of(result), std::errc::connection_refused);
    }
    const auto alone = co_await as_result(connect_any(unreachable));
    EXPECT_EQ(code_of(alone), std::errc::network_unreachable);
    const std::array twice{unreachable, unreachable};
    const auto nothing_better = co_await as_result(connect_any(twice));
    EXPECT_EQ(code_of(nothing_better), std::errc::network_unreachable);
    const std::vector<SocketAddr> nowhere;
    const auto none = co_await as_result(connect_any(nowhere));
    EXPECT_EQ(code_of(none), std::errc::invalid_argument);
  });
}

TEST(ConnectAny, AFailureWaitsForAttemptsThatStillRun) {
  run_test([]() -> Task<void> {
    const BlackHole slow;
    const Refusing refusing;
    const std::array order{slow.address(), refusing.address()};
    Attempts attempts;
    const auto first = co_await race(connect_any(order, attempts.options(1ms)), sleep(50ms));
    EXPECT_EQ(first.index(), 1U);
    EXPECT_EQ(attempts.addresses.size(), 2U);
  });
}

TEST(ConnectAny, SetsUpEachSocketBeforeItConnects) {
  run_test([]() -> Task<void> {
    const TcpListener listener = co_await TcpListener::bind(loopback());
    const SocketAddr where = co_await listener.local_addr();
    const ConnectOptions bound([](TcpSocket& socket, const SocketAddr&) {
      return socket.bind(SocketAddr(Ipv4Addr(127, 0, 0, 2), 0));
    });
    const TcpStream stream = co_await connect_any(where, bound);
    EXPECT_EQ(stream.local_addr()->ip(), Ipv4Addr(127, 0, 0, 2));
    const ConnectOptions failing([](TcpSocket&, const SocketAddr&) -> Result<void> {
      return fail(std::errc::permission_denied, "set up");
    });
    const auto failed = co_await as_result(connect_any(where, failing));
    EXPECT_EQ(code_of(failed), std::errc::permission_denied);
  });
}

TEST(ConnectAny, CancellingAbandonsEveryAttempt) {
  run_test([]() -> Task<void> {
    const BlackHole first;
    const BlackHole second;
    const std::array order{first.address(), second.address()};
    Attempts attempts;
    co_await race(connect_any(order, attempts.options(1ms)), sleep(50ms));
    EXPECT_EQ(attempts.handles.size(), 2U);
    for (const Native handle : attempts.handles) EXPECT_EQ(::fcntl(handle, F_GETFD), -1);
    EXPECT_TRUE(Reactor::current().timers().empty());
  });
}

TEST(ConnectAny, FindsALocalhostThatListensOnOneFamilyOnly) {
  run_test([]() -> Task<void> {
    for (const SocketAddr& where : {loopback(), SocketAddr(Ipv6Addr::loopback(), 0)}) {
      const auto listener = co_await as_result(TcpListener::bind(where));
      if (!listener) continue;  // a machine without IPv6
      const std::uint16_t port = listener->local_addr()->port();
      const auto resolved = co_await lookup_host({"localhost", port});
      if (std::find(resolved.begin(), resolved.end(), listener->local_addr().value()) ==
          resolved.end()) {
        continue;  // a hosts file that knows the other family only
      }
      const TcpStream stream = co_await connect_any({"localhost", port});
      EXPECT_EQ(stream.peer_addr().value(), listener->local_addr().value());
    }
  });
}

}  // namespace
}  // namespace fid
