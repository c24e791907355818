// SPDX-License-Identifier: MIT
#include "support/cancelling.hpp"
#include "support/tcp_stream_pair.hpp"
#include "support/udp_pair.hpp"

#include <fid/net/connect_any.hpp>
#include <fid/net/lookup_host.hpp>
#include <fid/net/tcp_listener.hpp>
#include <fid/net/unix_datagram.hpp>
#include <fid/reactor/sleep.hpp>
#include <fid/reactor/workers.hpp>
#include <fid/task/channel.hpp>

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <optional>
#include <string>

// G11, for what is not a stream of bytes.
namespace fid {
namespace {

using namespace std::chrono_literals;
using test::destroy_at_each_suspension;

struct ListenerWorld {
  std::optional<TcpListener> listener;
  std::optional<SocketAddr> where;
  Handle client;

  Task<void> prepare() {
    listener.emplace(co_await TcpListener::bind(test::loopback()));
    where = co_await listener->local_addr();
  }
  void connect() {
    client = os::socket(os::Family::inet4, os::SocketType::stream).value();
    EXPECT_TRUE(os::connect(client.get(), where->to_raw()).has_value());
  }
};

TEST(Cancellation, AnAcceptHasTakenNoConnection) {
  struct World : ListenerWorld {
    Task<void> operation() { co_await listener->accept(); }
    void go_on() { connect(); }
    Task<void> check() {
      connect();
      const auto accepted = co_await listener->accept();
      EXPECT_EQ(accepted.second.port(),
                SocketAddr::from_raw(os::local_name(client.get()).value()).value().port());
    }
  };
  destroy_at_each_suspension<World>();
}

TEST(Cancellation, AConnectClosesItsSocket) {
  struct World : ListenerWorld {
    Task<void> operation() { co_await TcpStream::connect(*where); }
    void go_on() {}
    Task<void> check() {
      auto accepted = co_await listener->accept();
      std::array<std::byte, 1> byte;
      EXPECT_EQ(co_await accepted.first.read(byte), 0U);
    }
  };
  destroy_at_each_suspension<World>();
}

TEST(Cancellation, AConnectToAnyOfSeveralAbandonsEveryAttempt) {
  struct World : ListenerWorld {
    Task<void> operation() {
      const std::array<SocketAddr, 2> both{*where, *where};
      co_await connect_any(AddressList(std::span<const SocketAddr>(both)));
    }
    void go_on() {}
    Task<void> check() { co_return; }
  };
  destroy_at_each_suspension<World>();
}

struct DatagramWorld {
  std::optional<UnixDatagram> near;
  std::optional<UnixDatagram> far;
  std::array<std::byte, 16> buffer{};
  int queued = 0;

  Task<void> prepare() {
    auto ends = co_await UnixDatagram::pair();
    near.emplace(std::move(ends.first));
    far.emplace(std::move(ends.second));
  }
  void fill() {
    while (near->attempt_send(as_bytes("full"))) ++queued;
  }
  int far_receives() {
    int count = 0;
    while (far->attempt_recv(buffer)) ++count;
    return count;
  }
};

TEST(Cancellation, AReceiveHasTakenNoMessage) {
  struct World : DatagramWorld {
    Task<void> operation() { co_await near->recv_from(buffer); }
    void go_on() { EXPECT_TRUE(far->attempt_send(as_bytes("x")).has_value()); }
    Task<void> check() {
      EXPECT_EQ(buffer, (std::array<std::byte, 16>{}));
      EXPECT_TRUE(far->attempt_send(as_bytes("abc")).has_value());
      EXPECT_EQ(co_await near->recv(buffer), 3U);
    }
  };
  destroy_at_each_suspension<World>();
}

TEST(Cancellation, ASendHasSentNoMessage) {
  struct World : DatagramWorld {
    Task<void> prepare() {
      co_await DatagramWorld::prepare();
      fill();
    }
    Task<void> operation() { co_await near->send(as_bytes("late")); }
    void go_on() { far_receives(); }
    Task<void> check() {
      EXPECT_EQ(far_receives(), queued);
      co_return;
    }
  };
  destroy_at_each_suspension<World>();
}

struct UdpWorld {
  std::optional<UdpSocket> near;
  std::optional<UdpSocket> far;
  std::array<std::byte, 16> buffer{};

  Task<void> prepare() {
    auto pair = co_await test::udp_pair();
    near.emplace(std::move(pair.near));
    far.emplace(std::move(pair.far));
  }
  void go_on() { EXPECT_TRUE(far->attempt_send(as_bytes("x")).has_value()); }
  Task<void> check() {
    EXPECT_EQ(buffer, (std::array<std::byte, 16>{}));
    EXPECT_TRUE(far->attempt_send(as_bytes("abc")).has_value());
    EXPECT_EQ(co_await near->recv(buffer), 3U);
  }
};

TEST(Cancellation, AReceiveHasTakenNoDatagram) {
  struct World : UdpWorld {
    Task<void> operation() { co_await near->recv_from(buffer); }
  };
  destroy_at_each_suspension<World>();
}

TEST(Cancellation, APeekLeavesTheDatagramAndTheBuffer) {
  struct World : UdpWorld {
    Task<void> operation() { co_await near->peek_from(buffer); }
  };
  destroy_at_each_suspension<World>();
}

/// For those that only wait: that they leave nothing is checked for every world.
struct QuietWorld {
  Event event;
  bool done = false;

  Task<void> prepare() { co_return; }
  void go_on() { event.set(); }
  Task<void> check() { co_return; }
};

TEST(Cancellation, WaitingForAnEventLeavesNothing) {
  struct World : QuietWorld {
    Task<void> operation() { co_await event.wait(); }
  };
  destroy_at_each_suspension<World>();
}

TEST(Cancellation, ASleepLeavesNoTimer) {
  struct World : QuietWorld {
    Task<void> operation() {
      if (!event.is_set()) co_await race(sleep(1h), event_task());
    }
    Task<void> event_task() { co_await event.wait(); }
  };
  destroy_at_each_suspension<World>();
}

TEST(Cancellation, AbandonedWorkEndsByItself) {
  struct World : QuietWorld {
    bool stop = false;
    Task<void> operation() {
      while (!stop) co_await on_worker([]() -> Result<int> { return 1; });
    }
    void go_on() { stop = true; }
    Task<void> check() {
      EXPECT_EQ(co_await on_worker([]() -> Result<int> { return 2; }), 2);
    }
  };
  test::run_test([]() -> Task<void> {
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(co_await test::cancelled_after<World>(0));
  });
}

TEST(Cancellation, ALookUpLeavesNothing) {
  struct World : QuietWorld {
    Task<void> operation() { co_await lookup_host("localhost:80"); }
  };
  test::run_test([]() -> Task<void> {
    for (int i = 0; i < 5; ++i) EXPECT_TRUE(co_await test::cancelled_after<World>(0));
  });
}

struct ChannelWorld {
  Channel<std::string> channel{1};
  Task<void> prepare() { co_return; }
};

TEST(Cancellation, AChannelsSenderHasPutNothingIn) {
  struct World : ChannelWorld {
    Task<void> prepare() { return channel.send("first"); }
    Task<void> operation() { return channel.send("second"); }
    void go_on() { channel.try_receive(); }
    Task<void> check() {
      EXPECT_EQ(channel.try_receive(), "first");
      EXPECT_EQ(channel.try_receive(), std::nullopt);
      co_return;
    }
  };
  destroy_at_each_suspension<World>();
}

TEST(Cancellation, AChannelsReceiverHasTakenNothing) {
  struct World : ChannelWorld {
    Task<void> operation() { co_await channel.receive(); }
    void go_on() {
      std::string value = "x";
      channel.try_send(value);
    }
    Task<void> check() {
      co_await channel.send("next");
      EXPECT_EQ(co_await channel.receive(), "next");
    }
  };
  destroy_at_each_suspension<World>();
}

}  // namespace
}  // namespace fid
