// SPDX-License-Identifier: MIT
// Looking up, binding, connecting and accepting.
#include "core/cancellation/cases.hpp"
#include "support/tcp_stream_pair.hpp"
#include "support/temp_dir.hpp"
#include "support/vsock.hpp"

#include <fid/net/connect_any.hpp>
#include <fid/net/lookup_host.hpp>
#include <fid/net/tcp_socket.hpp>
#include <fid/net/udp_socket.hpp>
#include <fid/net/unix_socket.hpp>
#include <fid/net/vsock_listener.hpp>

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <utility>

namespace fid::test {
namespace {

// --- a listener of each kind ----------------------------------------------------------------

struct OnTcp {
  using Listener = TcpListener;
  static Task<TcpListener> listen(const TempDir& /*dir*/) {
    co_return co_await TcpListener::bind(loopback());
  }
  static constexpr os::Family family = os::Family::inet4;
  static constexpr os::SocketType type = os::SocketType::stream;
};
struct OnUnix {
  using Listener = UnixListener;
  static Task<UnixListener> listen(const TempDir& dir) {
    co_return co_await UnixListener::bind(dir / "s");
  }
  static constexpr os::Family family = os::Family::local;
  static constexpr os::SocketType type = os::SocketType::stream;
};
struct OnSeqpacket {
  using Listener = UnixSeqpacketListener;
  static Task<UnixSeqpacketListener> listen(const TempDir& dir) {
    co_return co_await UnixSeqpacketListener::bind(dir / "s");
  }
  static constexpr os::Family family = os::Family::local;
  static constexpr os::SocketType type = os::SocketType::seqpacket;
};
struct OnVsock {
  using Listener = VsockListener;
  static Task<VsockListener> listen(const TempDir& /*dir*/) {
    co_return co_await VsockListener::bind({VsockAddr::local, VsockAddr::any_port});
  }
  static constexpr os::Family family = os::Family::vsock;
  static constexpr os::SocketType type = os::SocketType::stream;
};

template <class On>
struct ListenerWorld : Cancellable {
  TempDir dir;
  std::optional<typename On::Listener> listener;
  Handle client;

  Task<void> prepare() override { listener.emplace(co_await On::listen(dir)); }
  auto where() { return listener->local_addr().value(); }
  void connect() {
    client = os::socket(On::family, On::type).value();
    EXPECT_TRUE(os::connect(client.get(), where().to_raw()).has_value());
  }
};

/// It has taken no connection: the next one gets the first that comes.
template <class On>
struct Accept final : ListenerWorld<On> {
  Task<void> operation() override { co_await this->listener->accept(); }
  void go_on() override { this->connect(); }
  int opened() const override { return this->client.get() == invalid_native ? 0 : 1; }
  Task<void> check() override {
    this->connect();
    auto accepted = co_await this->listener->accept();
    EXPECT_EQ(os::write(this->client.get(), as_bytes("x")), 1U);
    co_await accepted.first.readable();
    std::array<std::byte, 4> room;
    EXPECT_EQ(os::recv(accepted.first.native(), room), 1U);
  }
};

// --- connecting: what is abandoned has closed its socket -------------------------------------

template <class On>
struct Connecting : ListenerWorld<On> {
  /// The connection that was made, if it was, is at its end.
  Task<void> check() override {
    auto accepted = co_await this->listener->accept();
    co_await accepted.first.readable();
    std::array<std::byte, 4> room;
    EXPECT_EQ(os::recv(accepted.first.native(), room).value_or(0), 0U);
  }
};

struct ConnectTcp final : Connecting<OnTcp> {
  Task<void> operation() override { co_await TcpStream::connect(where()); }
};
struct ConnectTcpSocket final : Connecting<OnTcp> {
  Task<void> operation() override {
    TcpSocket socket = co_await TcpSocket::new_v4();
    const SocketAddr to = where();
    co_await std::move(socket).connect(to);
  }
};
struct ConnectAnyOfTwo final : ListenerWorld<OnTcp> {
  Task<void> operation() override {
    const std::array<SocketAddr, 2> both{where(), where()};
    co_await connect_any(AddressList(std::span<const SocketAddr>(both)));
  }
};
struct ConnectUnix final : Connecting<OnUnix> {
  Task<void> operation() override {
    const std::string path = dir / "s";
    co_await UnixStream::connect(path);
  }
};
struct ConnectUnixAddr final : Connecting<OnUnix> {
  Task<void> operation() override {
    const UnixAddr to = where();
    co_await UnixStream::connect_addr(to);
  }
};
struct ConnectUnixSocket final : Connecting<OnUnix> {
  Task<void> operation() override {
    UnixSocket socket = co_await UnixSocket::new_stream();
    const std::string path = dir / "s";
    co_await std::move(socket).connect(path);
  }
};
struct ConnectUnixSocketAddr final : Connecting<OnUnix> {
  Task<void> operation() override {
    UnixSocket socket = co_await UnixSocket::new_stream();
    const UnixAddr to = where();
    co_await std::move(socket).connect_addr(to);
  }
};
struct ConnectSeqpacket final : Connecting<OnSeqpacket> {
  Task<void> operation() override {
    const std::string path = dir / "s";
    co_await UnixSeqpacket::connect(path);
  }
};
struct ConnectSeqpacketAddr final : Connecting<OnSeqpacket> {
  Task<void> operation() override {
    const UnixAddr to = where();
    co_await UnixSeqpacket::connect_addr(to);
  }
};
struct ConnectSeqpacketSocket final : Connecting<OnSeqpacket> {
  Task<void> operation() override {
    UnixSocket socket = co_await UnixSocket::new_seqpacket();
    const UnixAddr to = where();
    co_await std::move(socket).connect_seqpacket(to);
  }
};
struct ConnectVsock final : ListenerWorld<OnVsock> {
  Task<void> operation() override {
    const VsockAddr to = where();
    co_await VsockStream::connect(to);
  }
};

// --- names: only the result is abandoned, the resolver comes to its end ----------------------

struct Resolving : Cancellable {
  void go_on() override { std::this_thread::sleep_for(std::chrono::milliseconds(1)); }
};

struct LookUp final : Resolving {
  Task<void> operation() override { co_await lookup_host("localhost:80"); }
};
struct BindTcp final : Resolving {
  Task<void> operation() override { co_await TcpListener::bind("localhost:0"); }
};
struct BindUdp final : Resolving {
  Task<void> operation() override { co_await UdpSocket::bind("localhost:0"); }
};

struct UdpWorld : Resolving {
  std::optional<UdpSocket> socket;
  std::string name;

  Task<void> prepare() override {
    socket.emplace(co_await UdpSocket::bind(loopback()));
    name = "localhost:" + std::to_string(socket->local_addr()->port());
  }
};
struct ConnectUdp final : UdpWorld {
  Task<void> operation() override { co_await as_result(socket->connect(name)); }
  Task<void> check() override {
    EXPECT_EQ(socket->peer_addr().error().code, std::errc::not_connected);
    co_return;
  }
};
struct SendToName final : UdpWorld {
  // The system may have an address for it first that this socket cannot send to.
  Task<void> operation() override { co_await as_result(socket->send_to(as_bytes("x"), name)); }
  Task<void> check() override {
    std::array<std::byte, 4> room;
    EXPECT_TRUE(socket->attempt_recv(room).error().would_block());
    co_return;
  }
};

}  // namespace

void add_connecting_cases(CancellationCases& cases) {
  add<Accept<OnTcp>>(cases, "AcceptOp", "Tcp");
  add<Accept<OnUnix>>(cases, "AcceptOp", "Unix");
  add<Accept<OnSeqpacket>>(cases, "AcceptOp", "Seqpacket");
  add<ConnectTcp>(cases, "TcpStream::connect");
  add<ConnectTcpSocket>(cases, "TcpSocket::connect");
  add<ConnectAnyOfTwo>(cases, "connect_any");
  add<ConnectUnix>(cases, "UnixStream::connect");
  add<ConnectUnixAddr>(cases, "UnixStream::connect_addr");
  add<ConnectUnixSocket>(cases, "UnixSocket::connect");
  add<ConnectUnixSocketAddr>(cases, "UnixSocket::connect_addr");
  add<ConnectSeqpacket>(cases, "UnixSeqpacket::connect");
  add<ConnectSeqpacketAddr>(cases, "UnixSeqpacket::connect_addr");
  add<ConnectSeqpacketSocket>(cases, "UnixSocket::connect_seqpacket");
  if (has_vsock_loopback()) {
    add<Accept<OnVsock>>(cases, "AcceptOp", "Vsock");
    add<ConnectVsock>(cases, "VsockStream::connect");
  }
  add<LookUp>(cases, "lookup_host");
  add<BindTcp>(cases, "TcpListener::bind");
  add<BindUdp>(cases, "UdpSocket::bind");
  add<ConnectUdp>(cases, "UdpSocket::connect");
  add<SendToName>(cases, "UdpSocket::send_to");
}

}  // namespace fid::test
