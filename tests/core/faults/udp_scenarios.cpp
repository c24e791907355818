// SPDX-License-Identifier: MIT
#include "core/faults/far_side.hpp"
#include "core/faults/scenarios.hpp"
#include "support/udp_pair.hpp"

#include <fid/net/udp_socket.hpp>

#include <array>
#include <cerrno>
#include <optional>
#include <string>
#include <vector>

namespace fid::test {
namespace {

SocketAddr loopback_port() {
  return {Ipv4Addr::loopback(), 0};
}

struct Bind final : Act {
  Task<void> operation() override {
    const UdpSocket socket = co_await UdpSocket::bind(loopback_port());
    EXPECT_NE((co_await socket.local_addr()).port(), 0);
  }
};

struct BindTheNext final : Act {
  Task<void> operation() override {
    const std::array<SocketAddr, 2> both{loopback_port(), loopback_port()};
    co_await UdpSocket::bind(AddressList(std::span<const SocketAddr>(both)));
  }
};

/// Two sockets, each the other's peer; what was left of the time before is taken away.
class WithSockets : public Act {
 public:
  Task<void> prepare() override { pair_.emplace(co_await udp_pair()); }

 protected:
  UdpSocket& near() { return pair_->near; }
  UdpSocket& far() { return pair_->far; }
  SocketAddr far_addr() {
    return untouched([this] { return far().local_addr().value(); });
  }
  void far_sends(std::string_view text) {
    const Injector::Untouched calls;
    EXPECT_TRUE(os::send(far().native(), as_bytes(text)));
  }
  /// The next message that came to the far end, which takes it.
  std::string far_gets() {
    const Injector::Untouched calls;
    const auto count = os::recv(far().native(), room());
    return count ? text(*count) : "nothing: " + describe(count.error());
  }
  MutableBytes room() { return buffer_; }
  std::string text(std::size_t count) { return std::string(as_text(Bytes(buffer_).first(count))); }

 private:
  std::optional<UdpPair> pair_;
  std::array<std::byte, 64> buffer_{};
};

struct Connect final : WithSockets {
  Task<void> operation() override { co_await near().connect(far_addr()); }
};

struct ConnectToTheNext final : WithSockets {
  Task<void> operation() override {
    const std::array<SocketAddr, 2> both{far_addr(), far_addr()};
    co_await near().connect(AddressList(std::span<const SocketAddr>(both)));
  }
};

struct Send final : WithSockets {
  Task<void> operation() override {
    EXPECT_EQ(co_await near().send(as_bytes("abc")), 3U);
    EXPECT_EQ(far_gets(), "abc");
  }
};

struct SendTo final : WithSockets {
  Task<void> operation() override {
    EXPECT_EQ(co_await near().send_to(as_bytes("abc"), far_addr()), 3U);
    EXPECT_EQ(far_gets(), "abc");
  }
};

struct SendBatch final : WithSockets {
  Task<void> operation() override {
    const SocketAddr to = far_addr();
    const std::array<OutgoingDatagram, 2> two{OutgoingDatagram{as_bytes("abc"), to},
                                              OutgoingDatagram{as_bytes("defg"), to}};
    EXPECT_EQ(co_await near().send_batch(two), 2U);
    EXPECT_EQ(far_gets(), "abc");
    EXPECT_EQ(far_gets(), "defg");
  }
};

struct SendSegments final : WithSockets {
  Task<void> operation() override {
    EXPECT_EQ(co_await near().send_segments(as_bytes("abcde"), 2), 5U);
    EXPECT_EQ(far_gets(), "ab");
    EXPECT_EQ(far_gets(), "cd");
    EXPECT_EQ(far_gets(), "e");
  }
};

/// A failure has taken nothing: the message that was there comes first.
struct Recv final : WithSockets {
  Task<void> operation() override {
    far_sends("abc");
    EXPECT_EQ(text(co_await near().recv(room())), "abc");
  }
};

struct RecvFrom final : WithSockets {
  Task<void> operation() override {
    far_sends("abc");
    const auto [count, from] = co_await near().recv_from(room());
    EXPECT_EQ(text(count), "abc");
    EXPECT_EQ(from, far_addr());
  }
};

struct RecvArrival final : WithSockets {
  Task<void> operation() override {
    far_sends("abc");
    const Arrival came = co_await near().recv_arrival(room().first(2));
    EXPECT_EQ(came, (Arrival{2, true}));
  }
};

struct PeekSender final : WithSockets {
  Task<void> operation() override {
    far_sends("abc");
    EXPECT_EQ(co_await near().peek_sender(), far_addr());
    EXPECT_EQ(co_await near().peek(room()), 3U);
  }
};

struct RecvBatch final : WithSockets {
  Task<void> operation() override {
    DatagramBatch batch(4, 16);
    far_sends("abc");
    far_sends("de");
    co_await near().recv_batch(batch);
    EXPECT_GE(batch.received().size(), 2U);
    EXPECT_EQ(as_text(batch.received()[0].bytes), "abc");
    EXPECT_EQ(as_text(batch.received()[1].bytes), "de");
  }
};

struct Addresses final : WithSockets {
  Task<void> operation() override {
    EXPECT_EQ(co_await near().peer_addr(), far_addr());
    EXPECT_EQ((co_await near().local_addr()).ip(), IpAddr(Ipv4Addr::loopback()));
    if (const auto error = near().take_error()) co_await fail(*error);
  }
};

struct JoinGroup final : WithSockets {
  Task<void> operation() override {
    const Ipv4Addr group(224, 0, 0, 251);
    co_await near().join_multicast_v4(group, Ipv4Addr::loopback());
    EXPECT_TRUE(untouched([&] { return near().leave_multicast_v4(group, Ipv4Addr::loopback()); }));
  }
};

}  // namespace

std::vector<Scenario> udp_scenarios() {
  constexpr std::string_view next_address = "the next address is tried";
  return {
      scenario<Bind>("Bind"),
      scenario<BindTheNext>("BindTheNextAddress")
          .ignores({"socket", ""}, next_address)
          .ignores({"bind", ""}, next_address)
          .ignores({"epoll_ctl", "EPOLL_CTL_ADD"}, next_address),
      scenario<Connect>("Connect"),
      scenario<ConnectToTheNext>("ConnectToTheNextAddress").ignores({"connect", ""}, next_address),
      scenario<Send>("Send"),
      scenario<SendTo>("SendTo"),
      scenario<SendBatch>("SendBatch"),
      scenario<SendSegments>("SendSegments")
          .ignores({"sendmsg", ""}, "they are sent one by one",
                   {{EINVAL, EMSGSIZE, EIO, EOPNOTSUPP}}),
      scenario<SendSegments>("SendSegmentsOneByOne")
          .without({"getsockopt", "UDP_SEGMENT"}, ENOPROTOOPT),
      scenario<Recv>("Recv"),
      scenario<RecvFrom>("RecvFrom"),
      scenario<RecvArrival>("RecvArrival"),
      scenario<PeekSender>("PeekSender"),
      scenario<RecvBatch>("RecvBatch"),
      scenario<Addresses>("Addresses"),
      scenario<JoinGroup>("JoinGroup")
          .reports({"setsockopt", ""}, "IP_ADD_MEMBERSHIP", "errors of an option name it"),
  };
}

}  // namespace fid::test
