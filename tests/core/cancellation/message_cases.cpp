// SPDX-License-Identifier: MIT
// Messages: those of Unix sockets, records, and datagrams of UDP.
#include "core/cancellation/cases.hpp"
#include "support/temp_dir.hpp"
#include "support/udp_pair.hpp"

#include <fid/net/unix_datagram.hpp>
#include <fid/net/unix_seqpacket.hpp>
#include <fid/net/unix_stream.hpp>

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace fid::test {
namespace {

// --- two ends of each kind ------------------------------------------------------------------

template <class S>
struct UnixEnds {
  using Socket = S;
  static Task<std::pair<S, S>> ends() {
    auto pair = co_await S::pair();
    co_return std::move(pair);
  }
};
using OnDatagram = UnixEnds<UnixDatagram>;
using OnSeqpacket = UnixEnds<UnixSeqpacket>;
using OnStream = UnixEnds<UnixStream>;

struct OnUdp {
  using Socket = UdpSocket;
  static Task<std::pair<UdpSocket, UdpSocket>> ends() {
    UdpPair pair = co_await udp_pair();
    co_return std::pair(std::move(pair.near), std::move(pair.far));
  }
};

template <class On>
struct MessageWorld : Cancellable {
  using Socket = typename On::Socket;
  std::optional<Socket> near;
  std::optional<Socket> far;
  std::array<std::byte, 16> buffer{};

  Task<void> prepare() override {
    auto ends = co_await On::ends();
    near.emplace(std::move(ends.first));
    far.emplace(std::move(ends.second));
  }
};

// --- receiving: no message is taken, and no byte of the buffer touched -----------------------

template <class On>
struct Receiving : MessageWorld<On> {
  void far_sends(std::string_view text) {
    EXPECT_EQ(os::send(this->far->native(), as_bytes(text)), text.size());
  }
  void go_on() override { far_sends("x"); }
  Task<void> check() override {
    EXPECT_EQ(this->buffer, (std::array<std::byte, 16>{}));
    far_sends("abc");
    co_await this->near->readable();
    EXPECT_EQ(os::recv(this->near->native(), this->buffer), 3U);
  }
};

template <class On>
struct Recv final : Receiving<On> {
  Task<void> operation() override { co_await this->near->recv(this->buffer); }
};
template <class On>
struct RecvArrival final : Receiving<On> {
  Task<void> operation() override { co_await this->near->recv_arrival(this->buffer); }
};
template <class On>
struct RecvBuf final : Receiving<On> {
  Buffer room;
  Task<void> operation() override { co_await this->near->recv_buf(room); }
  Task<void> check() override {
    EXPECT_TRUE(room.empty());
    return Receiving<On>::check();
  }
};
template <class On>
struct RecvFrom final : Receiving<On> {
  Task<void> operation() override { co_await this->near->recv_from(this->buffer); }
};
template <class On>
struct RecvArrivalFrom final : Receiving<On> {
  Task<void> operation() override { co_await this->near->recv_arrival_from(this->buffer); }
};
template <class On>
struct RecvBufFrom final : Receiving<On> {
  Buffer room;
  Task<void> operation() override { co_await this->near->recv_buf_from(room); }
  Task<void> check() override {
    EXPECT_TRUE(room.empty());
    return Receiving<On>::check();
  }
};
template <class On>
struct RecvPassing final : Receiving<On> {
  Task<void> operation() override { co_await this->near->recv_with(this->buffer); }
};

struct Peek final : Receiving<OnUdp> {
  Task<void> operation() override { co_await near->peek(buffer); }
};
struct PeekFrom final : Receiving<OnUdp> {
  Task<void> operation() override { co_await near->peek_from(buffer); }
};
struct PeekSender final : Receiving<OnUdp> {
  Task<void> operation() override { co_await near->peek_sender(); }
};
struct RecvBatch final : Receiving<OnUdp> {
  DatagramBatch batch{4, 64};
  Task<void> operation() override { co_await near->recv_batch(batch); }
  Task<void> check() override {
    EXPECT_TRUE(batch.received().empty());
    return Receiving<OnUdp>::check();
  }
};

template <class On>
void add_receiving(CancellationCases& cases, const std::string& on) {
  add<Recv<On>>(cases, "RecvOp", on);
  add<RecvArrival<On>>(cases, "RecvArrivalOp", on);
  add<RecvBuf<On>>(cases, "RecvBufOp", on);
}
template <class On>
void add_receiving_from(CancellationCases& cases, const std::string& on) {
  add<RecvFrom<On>>(cases, "RecvFromOp", on);
  add<RecvArrivalFrom<On>>(cases, "RecvArrivalFromOp", on);
  add<RecvBufFrom<On>>(cases, "RecvBufFromOp", on);
}

// --- sending into a full queue: nothing is sent ----------------------------------------------

template <class On>
struct Sending : MessageWorld<On> {
  int queued = 0;
  int received = 0;

  Task<void> prepare() override {
    co_await MessageWorld<On>::prepare();
    while (os::send(this->near->native(), as_bytes("full"))) ++queued;
  }
  void go_on() override {
    const MutableBytes room = MutableBytes(this->buffer).first(4);
    while (const auto size = os::recv(this->far->native(), room)) {
      EXPECT_EQ(as_text(Bytes(room).first(*size)), "full");
      ++received;
    }
  }
  Task<void> check() override {
    go_on();
    EXPECT_EQ(received, queued);
    co_return;
  }
};

template <class On>
struct Send final : Sending<On> {
  Task<void> operation() override { co_await this->near->send(as_bytes("late")); }
};
template <class On>
struct SendPassing final : Sending<On> {
  Task<void> operation() override {
    const std::array<Native, 1> handles{this->far->native()};
    const Passing with{std::span<const Native>(handles)};
    co_await this->near->send_with(as_bytes("late"), with);
  }
};

/// To an address, it waits for a time and tries again.
struct SendToUnix final : Cancellable {
  TempDir dir;
  std::optional<UnixDatagram> near;
  std::optional<UnixDatagram> far;
  int queued = 0;
  int received = 0;

  Task<void> prepare() override {
    far.emplace(co_await UnixDatagram::bind(dir / "s"));
    near.emplace(co_await UnixDatagram::unbound());
    const UnixAddr to = co_await far->local_addr();
    while (os::send_to(near->native(), as_bytes("full"), to.to_raw())) ++queued;
  }
  Task<void> operation() override {
    const UnixAddr to = co_await far->local_addr();
    co_await near->send_to_addr(as_bytes("late"), to);
  }
  void go_on() override {
    std::array<std::byte, 16> room;
    while (far->attempt_recv(room)) ++received;
    std::this_thread::sleep_for(SendToUnixOp::first_pause);
  }
  Task<void> check() override {
    go_on();
    EXPECT_EQ(received, queued);
    co_return;
  }
};

// --- sending over UDP: where there is always room, it only gives way to others ---------------

struct SendingUdp : MessageWorld<OnUdp> {
  static constexpr int calls = 200;  // more than one turn's share
  int sent = 0;

  /// What was counted as sent has arrived, and nothing else.
  Task<void> check() override {
    EXPECT_GT(sent, 0);
    EXPECT_LT(sent, calls);
    int arrived = 0;
    while (far->attempt_recv(buffer)) ++arrived;
    EXPECT_EQ(arrived, sent);
    co_return;
  }
};
struct SendUdp final : SendingUdp {
  Task<void> operation() override {
    for (; sent < calls; ++sent) co_await near->send(as_bytes("x"));
  }
};
struct SendToUdp final : SendingUdp {
  Task<void> operation() override {
    const SocketAddr to = co_await far->local_addr();
    for (; sent < calls; ++sent) co_await near->send_to(as_bytes("x"), to);
  }
};
struct SendBatch final : SendingUdp {
  std::array<OutgoingDatagram, 1> batch{OutgoingDatagram{as_bytes("x")}};
  Task<void> operation() override {
    for (; sent < calls; ++sent) co_await near->send_batch(batch);
  }
};
struct SendSegments final : SendingUdp {
  Task<void> operation() override {
    for (; sent < calls; ++sent) co_await near->send_segments(as_bytes("x"), 1);
  }
};

}  // namespace

void add_message_cases(CancellationCases& cases) {
  add_receiving<OnDatagram>(cases, "UnixDatagram");
  add_receiving<OnSeqpacket>(cases, "UnixSeqpacket");
  add_receiving<OnUdp>(cases, "UdpSocket");
  add_receiving_from<OnDatagram>(cases, "UnixDatagram");
  add_receiving_from<OnUdp>(cases, "UdpSocket");
  add<RecvPassing<OnStream>>(cases, "RecvPassingOp", "UnixStream");
  add<RecvPassing<OnDatagram>>(cases, "RecvPassingOp", "UnixDatagram");
  add<RecvPassing<OnSeqpacket>>(cases, "RecvPassingOp", "UnixSeqpacket");
  add<Peek>(cases, "PeekOp", "UdpSocket");
  add<PeekFrom>(cases, "PeekFromOp");
  add<PeekSender>(cases, "PeekSenderOp");
  add<RecvBatch>(cases, "RecvBatchOp");
  add<Send<OnDatagram>>(cases, "SendOp", "UnixDatagram");
  add<Send<OnSeqpacket>>(cases, "SendOp", "UnixSeqpacket");
  add<SendUdp>(cases, "SendOp", "UdpSocket");
  add<SendPassing<OnStream>>(cases, "SendPassingOp", "UnixStream");
  add<SendPassing<OnDatagram>>(cases, "SendPassingOp", "UnixDatagram");
  add<SendPassing<OnSeqpacket>>(cases, "SendPassingOp", "UnixSeqpacket");
  add<SendToUnix>(cases, "SendToUnixOp");
  add<SendToUdp>(cases, "SendToOp");
  add<SendBatch>(cases, "SendBatchOp");
  add<SendSegments>(cases, "SendSegmentsOp");
}

}  // namespace fid::test
