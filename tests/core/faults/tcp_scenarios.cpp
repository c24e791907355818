// SPDX-License-Identifier: MIT
#include "core/faults/far_side.hpp"
#include "core/faults/in_pieces.hpp"
#include "core/faults/scenarios.hpp"
#include "support/stream_text.hpp"
#include "support/tcp_stream_pair.hpp"

#include <fid/io/ops.hpp>
#include <fid/net/connect_any.hpp>
#include <fid/net/tcp_listener.hpp>
#include <fid/net/tcp_socket.hpp>
#include <fid/net/tcp_stream.hpp>

#include <array>
#include <cerrno>
#include <chrono>
#include <optional>
#include <string>

namespace fid::test {
namespace {

using namespace std::chrono_literals;

class WithListener : public Act {
 public:
  Task<void> prepare() override {
    listener_.emplace(co_await TcpListener::bind(loopback()));
    where_.emplace(co_await listener_->local_addr());
  }

 protected:
  std::array<SocketAddr, 2> twice() const { return {*where_, *where_}; }

  std::optional<TcpListener> listener_;
  std::optional<SocketAddr> where_;
};

struct Connect final : WithListener {
  Task<void> operation() override { co_await TcpStream::connect(*where_); }
};

struct ConnectToTheNext final : WithListener {
  Task<void> operation() override {
    const auto both = twice();
    co_await TcpStream::connect(AddressList(std::span<const SocketAddr>(both)));
  }
};

struct ConnectAny final : WithListener {
  Task<void> operation() override { co_await connect_any(*where_); }
};

struct ConnectAnyToTheNext final : WithListener {
  Task<void> operation() override {
    const auto both = twice();
    co_await connect_any(AddressList(std::span<const SocketAddr>(both)));
  }
};

struct ConnectSocket final : WithListener {
  Task<void> operation() override {
    TcpSocket socket = co_await TcpSocket::new_v4();
    co_await socket.set_keepalive(true);
    co_await socket.bind(loopback());
    EXPECT_TRUE((co_await socket.local_addr()).ip().is_loopback());
    co_await std::move(socket).connect(*where_);
  }
};

struct Listen final : Act {
  Task<void> operation() override {
    const TcpListener listener = co_await TcpListener::bind(loopback());
    EXPECT_NE((co_await listener.local_addr()).port(), 0);
  }
};

struct ListenOnTheNext final : Act {
  Task<void> operation() override {
    const std::array<SocketAddr, 2> both{loopback(), loopback()};
    co_await TcpListener::bind(AddressList(std::span<const SocketAddr>(both)));
  }
};

struct Accept final : WithListener {
  Task<void> operation() override {
    const Handle client = untouched([&] {
      Handle socket = os::socket(os::Family::inet4, os::SocketType::stream).value();
      EXPECT_TRUE(os::connect(socket.get(), where_->to_raw()));
      return socket;
    });
    co_await listener_->accept();
  }
};

class WithStreams : public Act {
 public:
  Task<void> prepare() override { pair_.emplace(co_await tcp_stream_pair()); }

 protected:
  TcpStream& near() { return pair_->near; }
  TcpStream& far() { return pair_->far; }

 private:
  std::optional<TcpPair> pair_;
};

struct Read final : WithStreams {
  Task<void> operation() override {
    says(far(), "hello");
    EXPECT_EQ(co_await read_text(near(), 5), "hello");
  }
};

struct Write final : WithStreams {
  Task<void> operation() override {
    co_await write_all(near(), as_bytes("hello"));
    EXPECT_EQ(hears(far(), 5), "hello");
  }
};

struct Peek final : WithStreams {
  Task<void> operation() override {
    says(far(), "abc");
    std::string text(3, '\0');
    const auto room = std::as_writable_bytes(std::span(text));
    co_await near().peek(room);
    EXPECT_EQ(co_await near().read(room), 3U);
    EXPECT_EQ(text, "abc");
  }
};

struct ReadVectored final : WithStreams {
  Task<void> operation() override {
    says(far(), "abcdef");
    EXPECT_EQ(co_await read_in_pieces(near(), 6), "abcdef");
  }
};

struct WriteVectored final : WithStreams {
  Task<void> operation() override {
    co_await write_in_pieces(near(), "abcdef");
    EXPECT_EQ(hears(far(), 6), "abcdef");
  }
};

struct Shutdown final : WithStreams {
  Task<void> operation() override {
    co_await near().shutdown();
    co_await near().shutdown();
  }
};

struct Release final : Act {
  Task<void> operation() override {
    TcpPair pair = co_await untouched_task(tcp_stream_pair());
    co_await std::move(pair.near).into_native();
  }
};

struct Addresses final : WithStreams {
  Task<void> operation() override {
    EXPECT_EQ(co_await near().local_addr(), co_await far().peer_addr());
  }
};

struct TakeError final : WithStreams {
  Task<void> operation() override {
    if (const auto error = near().take_error()) co_await fail(*error);
  }
};

struct NoDelay final : WithStreams {
  Task<void> operation() override {
    co_await near().set_nodelay(true);
    EXPECT_TRUE(co_await near().nodelay());
  }
};

struct LingerTime final : WithStreams {
  Task<void> operation() override {
    co_await near().set_linger(1s);
    EXPECT_EQ(co_await near().linger(), sockopt::Linger(1s));
    co_await near().set_linger({});
  }
};

constexpr std::string_view next_address = "the next address is tried";
constexpr std::string_view by_its_name = "errors of an option name it";

Scenario on_next(Scenario scenario) {
  for (const Call& call :
       {Call{"socket", ""}, Call{"connect", ""}, Call{"setsockopt", ""}, Call{"bind", ""},
        Call{"listen", ""}, Call{"getsockopt", "SO_ERROR"}, Call{"epoll_ctl", "EPOLL_CTL_ADD"}}) {
    scenario = std::move(scenario).ignores(call, next_address);
  }
  return scenario;
}

}  // namespace

std::vector<Scenario> tcp_scenarios() {
  constexpr Call pending{"getsockopt", "SO_ERROR"};
  constexpr std::string_view how_it_went = "it is how connecting ended";
  return {
      scenario<Connect>("Connect").reports(pending, "connect", how_it_went).trusts_events(),
      on_next(scenario<ConnectToTheNext>("ConnectToTheNextAddress").trusts_events()),
      scenario<ConnectAny>("ConnectAny").reports(pending, "connect", how_it_went).trusts_events(),
      on_next(scenario<ConnectAnyToTheNext>("ConnectAnyToTheNextAddress").trusts_events()),
      scenario<ConnectSocket>("ConnectSocket")
          .reports(pending, "connect", how_it_went)
          .reports({"setsockopt", ""}, "SO_KEEPALIVE", by_its_name)
          .trusts_events(),
      scenario<Listen>("Listen").reports({"setsockopt", ""}, "SO_REUSEADDR", by_its_name),
      on_next(scenario<ListenOnTheNext>("ListenOnTheNextAddress")),
      scenario<Accept>("Accept"),
      scenario<Read>("Read").moves_bytes(),
      scenario<Write>("Write").moves_bytes(),
      scenario<Peek>("Peek"),
      scenario<ReadVectored>("ReadVectored").moves_bytes(),
      scenario<WriteVectored>("WriteVectored").moves_bytes(),
      scenario<Shutdown>("Shutdown").ignores({"shutdown", ""}, "the peer has gone", {{ENOTCONN}}),
      scenario<Release>("Release")
          .ignores({"epoll_ctl", "EPOLL_CTL_DEL"}, "that is the far end, which is closed",
                   {.nth = 1})
          .reports({"epoll_ctl", "EPOLL_CTL_DEL"}, "epoll_ctl",
                   "the socket would still be watched"),
      scenario<Addresses>("Addresses"),
      scenario<TakeError>("TakeError"),
      scenario<NoDelay>("NoDelay")
          .reports({"setsockopt", ""}, "TCP_NODELAY", by_its_name)
          .reports({"getsockopt", ""}, "TCP_NODELAY", by_its_name),
      scenario<LingerTime>("Linger")
          .reports({"setsockopt", ""}, "SO_LINGER", by_its_name)
          .reports({"getsockopt", ""}, "SO_LINGER", by_its_name),
  };
}

}  // namespace fid::test
