// SPDX-License-Identifier: MIT
#include "core/faults/far_side.hpp"
#include "core/faults/scenarios.hpp"
#include "support/stream_text.hpp"
#include "support/temp_dir.hpp"

#include <fid/base/os_path.hpp>
#include <fid/io/ops.hpp>
#include <fid/net/unix_datagram.hpp>
#include <fid/net/unix_listener.hpp>
#include <fid/net/unix_seqpacket.hpp>
#include <fid/net/unix_socket.hpp>
#include <fid/net/unix_stream.hpp>

#include <array>
#include <optional>
#include <string>

namespace fid::test {
namespace {

class WithPath : public Act {
 protected:
  std::string path() const { return dir_ / "socket"; }
  /// A socket's file stays when it is closed.
  void unlink() const {
    static_cast<void>(untouched([this] { return os::unlink(path()); }));
  }

 private:
  TempDir dir_;
};

struct Listen final : WithPath {
  Task<void> operation() override {
    unlink();
    const UnixListener listener = co_await UnixListener::bind(path());
    EXPECT_EQ((co_await listener.local_addr()).as_pathname(), path());
  }
};

struct BindDatagram final : WithPath {
  Task<void> operation() override {
    unlink();
    co_await UnixDatagram::bind(path());
  }
};

template <class Stream>
class WithListener : public WithPath {
 public:
  Task<void> prepare() override {
    listener_.emplace(co_await BasicUnixListener<Stream>::bind(path()));
  }

 protected:
  std::optional<BasicUnixListener<Stream>> listener_;
};

template <class Stream>
struct Connect final : WithListener<Stream> {
  Task<void> operation() override {
    co_await Stream::connect(this->path());
    // The queue is short.
    const auto client = untouched([this] {
      os::RawAddr peer;
      return os::accept(this->listener_->native(), peer);
    });
  }
};

struct Accept final : WithListener<UnixStream> {
  Task<void> operation() override {
    const Handle client = untouched([this] {
      Handle socket = os::socket(os::Family::local, os::SocketType::stream).value();
      EXPECT_TRUE(os::connect(socket.get(), UnixAddr::from_path(path()).value().to_raw()));
      return socket;
    });
    co_await listener_->accept();
  }
};

template <class Socket>
struct Pair final : Act {
  Task<void> operation() override { co_await Socket::pair(); }
};

struct Adopt final : Act {
  Task<void> operation() override {
    Handle handle =
        untouched([] { return os::socket(os::Family::local, os::SocketType::datagram).value(); });
    UnixSocket socket = co_await UnixSocket::from_native(std::move(handle));
    co_await std::move(socket).datagram();
  }
};

template <class Socket>
class WithPair : public Act {
 public:
  Task<void> prepare() override { pair_.emplace(co_await Socket::pair()); }

 protected:
  Socket& near() { return pair_->first; }
  Socket& far() { return pair_->second; }
  MutableBytes room() { return buffer_; }
  std::string text(std::size_t count) { return std::string(as_text(Bytes(buffer_).first(count))); }

 private:
  std::optional<std::pair<Socket, Socket>> pair_;
  std::array<std::byte, 64> buffer_{};
};

struct Read final : WithPair<UnixStream> {
  Task<void> operation() override {
    says(far(), "hello");
    EXPECT_EQ(co_await read_text(near(), 5), "hello");
  }
};

struct Write final : WithPair<UnixStream> {
  Task<void> operation() override {
    co_await write_all(near(), as_bytes("hello"));
    EXPECT_EQ(hears(far(), 5), "hello");
  }
};

struct Shutdown final : WithPair<UnixStream> {
  Task<void> operation() override { co_await near().shutdown(); }
};

struct Peer final : WithPair<UnixStream> {
  Task<void> operation() override {
    EXPECT_TRUE((co_await near().peer_addr()).is_unnamed());
    EXPECT_EQ((co_await near().peer_cred()).pid(), os::process_id());
  }
};

template <class Socket>
struct SendAndReceive final : WithPair<Socket> {
  Task<void> operation() override {
    while (untouched([this] { return this->near().attempt_recv(this->room()); })) {
    }
    EXPECT_EQ(co_await this->far().send(as_bytes("abc")), 3U);
    EXPECT_EQ(this->text(co_await this->near().recv(this->room())), "abc");
  }
};

struct SendTo final : WithPath {
  Task<void> prepare() override {
    receiver_.emplace(co_await UnixDatagram::bind(path()));
    sender_.emplace(co_await UnixDatagram::unbound());
  }
  Task<void> operation() override {
    co_await sender_->send_to(as_bytes("abc"), path());
    std::array<std::byte, 8> buffer{};
    EXPECT_EQ(untouched([&] { return receiver_->attempt_recv(buffer); }), 3U);
  }

 private:
  std::optional<UnixDatagram> receiver_;
  std::optional<UnixDatagram> sender_;
};

struct PassHandle final : WithPair<UnixStream> {
  Task<void> operation() override {
    const std::array<Native, 1> mine{far().native()};
    co_await near().send_with(as_bytes("x"), Passing(mine));
    const auto got =
        untouched([this] { return detail::recv_passing(far().native(), room(), 1).value(); });
    EXPECT_EQ(got.handles.size(), 1U);
  }
};

struct TakeHandle final : WithPair<UnixStream> {
  Task<void> operation() override {
    untouched([this] {
      const std::array<Native, 1> mine{far().native()};
      EXPECT_TRUE(detail::send_passing(far().native(), as_bytes("x"), Passing(mine), nullptr));
    });
    const Delivery got = co_await near().recv_with(room());
    EXPECT_EQ(got.size, 1U);
    EXPECT_EQ(got.handles.size(), 1U);
  }
};

/// Without a byte nothing is passed on a stream, which has to be asked whether it is one.
struct PassWithoutBytes final : WithPair<UnixDatagram> {
  Task<void> operation() override {
    const std::array<Native, 1> mine{far().native()};
    co_await near().send_with({}, Passing(mine));
    const auto got =
        untouched([this] { return detail::recv_passing(far().native(), room(), 1).value(); });
    EXPECT_EQ(got.handles.size(), 1U);
  }
};

}  // namespace

std::vector<Scenario> unix_scenarios() {
  constexpr Call pending{"getsockopt", "SO_ERROR"};
  constexpr std::string_view how_it_went = "it is how connecting ended";
  return {
      scenario<Listen>("Listen"),
      scenario<BindDatagram>("BindDatagram"),
      scenario<Connect<UnixStream>>("Connect")
          .reports(pending, "connect", how_it_went)
          .trusts_events(),
      scenario<Connect<UnixSeqpacket>>("ConnectSeqpacket")
          .reports(pending, "connect", how_it_went)
          .trusts_events(),
      scenario<Accept>("Accept"),
      scenario<Pair<UnixStream>>("PairOfStreams"),
      scenario<Pair<UnixSeqpacket>>("PairOfSeqpackets"),
      scenario<Pair<UnixDatagram>>("PairOfDatagrams"),
      scenario<Adopt>("Adopt"),
      scenario<Read>("Read").moves_bytes(),
      scenario<Write>("Write").moves_bytes(),
      scenario<Shutdown>("Shutdown"),
      scenario<Peer>("Peer").reports({"getsockopt", ""}, "SO_PEERCRED",
                                     "errors of an option name it"),
      scenario<SendAndReceive<UnixDatagram>>("Datagrams"),
      scenario<SendAndReceive<UnixSeqpacket>>("Seqpackets"),
      scenario<SendTo>("SendTo"),
      scenario<PassHandle>("PassHandle"),
      scenario<TakeHandle>("TakeHandle"),
      scenario<PassWithoutBytes>("PassWithoutBytes")
          .ignores({"getsockopt", "SO_TYPE"}, "what cannot be asked is taken for no stream"),
  };
}

}  // namespace fid::test
