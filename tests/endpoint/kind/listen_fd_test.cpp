// SPDX-License-Identifier: MIT
#include "endpoint/open_text.hpp"
#include "support/temp_dir.hpp"

#include <fid/base/os_path.hpp>
#include <fid/reactor/with_deadline.hpp>
#include <fid/task/race.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <functional>

namespace fid::endpoint {
namespace {

using namespace test;
using namespace std::chrono_literals;
using fid::test::TempDir;

/// A listening socket as a supervisor makes it.
Result<Handle> made_by_supervisor(const os::RawAddr& where, os::Family family, os::SocketType type,
                                  bool nonblocking) {
  auto socket = os::socket(family, type);
  if (!socket) return socket;
  if (auto bound = os::bind(socket->get(), where); !bound) return fail(bound.error());
  if (type != os::SocketType::datagram) {
    if (auto done = os::listen(socket->get(), 16); !done) return fail(done.error());
  }
  if (auto set = os::set_nonblocking(socket->get(), nonblocking); !set) return fail(set.error());
  return socket;
}

Result<Handle> tcp_by_supervisor(bool nonblocking) {
  return made_by_supervisor(SocketAddr(Ipv4Addr::loopback(), 0).to_raw(), os::Family::inet4,
                            os::SocketType::stream, nonblocking);
}

Task<ListenerPtr> listen_on(const Handle& inherited) {
  const Address where = address("listen-fd:7", Place::listens);
  OpenContext context;
  context.inherited = [&](const Address&) { return os::duplicate(inherited.get()); };
  co_return co_await listen(where, context);
}

class ListenFdKind : public testing::TestWithParam<bool> {};

TEST_P(ListenFdKind, TakesAllThatWaitAndLeavesTheModeAsItWas) {
  run_test([]() -> Task<void> {
    const Handle inherited = co_await tcp_by_supervisor(GetParam());
    const ListenerPtr listener = co_await listen_on(inherited);
    const std::string url = listener->urls().at(0);
    EXPECT_EQ(url.substr(0, 16), "tcp://127.0.0.1:");
    std::vector<ConnectionPtr> clients;
    for (int i = 0; i < 3; ++i) clients.push_back(co_await open_text(url));
    for (int i = 0; i < 3; ++i) {
      const ConnectionPtr accepted = co_await accept_from(*listener);
      EXPECT_EQ(accepted->peer.url("tcp"), clients[static_cast<std::size_t>(i)]->local.url("tcp"));
      EXPECT_TRUE(co_await os::is_nonblocking(*accepted->stream->read_handle()));
    }
    auto [late, accepted] = co_await all(open_text(url), accept_from(*listener));
    co_await write_text(*late->stream, "x");
    EXPECT_EQ(co_await read_text(*accepted->stream, 1), "x");
    EXPECT_EQ(co_await os::is_nonblocking(inherited.get()), GetParam());
  });
}

TEST_P(ListenFdKind, AConnectionIsForOneOfThoseWhoShareTheSocket) {
  run_test([]() -> Task<void> {
    const Handle inherited = co_await tcp_by_supervisor(GetParam());
    const ListenerPtr a = co_await listen_on(inherited);
    const ListenerPtr b = co_await listen_on(inherited);
    for (int i = 0; i < 20; ++i) {
      auto first = race(accept_from(*a), accept_from(*b));
      auto [client, accepted] = co_await all(open_text(a->urls().at(0)), std::move(first));
      ConnectionPtr& server = accepted.index() == 0 ? std::get<0>(accepted) : std::get<1>(accepted);
      co_await write_text(*client->stream, "x");
      EXPECT_EQ(co_await read_text(*server->stream, 1), "x");
    }
    // On a blocking socket the one that lost the last race waits for one more client; let it go.
    const ConnectionPtr one_more = co_await open_text(a->urls().at(0));
    const ConnectionPtr and_another = co_await open_text(a->urls().at(0));
  });
}

TEST_P(ListenFdKind, ACancelledAcceptLosesNoConnection) {
  run_test([]() -> Task<void> {
    const Handle inherited = co_await tcp_by_supervisor(GetParam());
    const ListenerPtr listener = co_await listen_on(inherited);
    for (int i = 0; i < 20; ++i) {
      auto cancelled = with_deadline(i % 2 == 0 ? 0ms : 1ms, accept_from(*listener));
      EXPECT_FALSE(co_await as_result(std::move(cancelled)));
      const ConnectionPtr client = co_await open_text(listener->urls().at(0));
      auto hasty = with_deadline(0ms, accept_from(*listener));
      const auto at_once = co_await as_result(std::move(hasty));
      if (at_once) continue;
      const ConnectionPtr accepted = co_await accept_from(*listener);
      EXPECT_EQ(accepted->peer.url("tcp"), client->local.url("tcp"));
    }
  });
}

INSTANTIATE_TEST_SUITE_P(Mode, ListenFdKind, testing::Bool(),
                         [](const auto& of) { return of.param ? "NonBlocking" : "Blocking"; });

TEST(ListenFdKind, TakesAUdpSocket) {
  run_test([]() -> Task<void> {
    const Handle inherited =
        co_await made_by_supervisor(SocketAddr(Ipv4Addr::loopback(), 0).to_raw(), os::Family::inet4,
                                    os::SocketType::datagram, false);
    const ListenerPtr listener = co_await listen_on(inherited);
    ConnectionPtr client = co_await open_text(listener->urls().at(0));
    co_await SendOp(*client->messages, as_bytes("hello"));
    ConnectionPtr server = co_await accept_from(*listener);
    Buffer room(16);
    const Received received = co_await ReceiveOp(*server->messages, room);
    EXPECT_EQ(as_text(Bytes(room).first(received.size)), "hello");
  });
}

TEST(ListenFd, KnowsUnixSocketsOfEachTypeAndNeverRemovesTheirFiles) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    struct Row {
      os::SocketType type;
      const char* scheme;
    };
    const Row rows[] = {{os::SocketType::stream, "unix"},
                        {os::SocketType::seqpacket, "unix-seq"},
                        {os::SocketType::datagram, "unix-dgram"}};
    for (const Row& row : rows) {
      const std::string path = dir / row.scheme;
      const UnixAddr where = co_await UnixAddr::from_path(path);
      const Handle inherited =
          co_await made_by_supervisor(where.to_raw(), os::Family::local, row.type, false);
      ListenerPtr listener = co_await listen_on(inherited);
      const std::string url = std::string(row.scheme) + ":" + path;
      EXPECT_EQ(listener->urls(), std::vector<std::string>{url});
      EXPECT_EQ(listener->mode(), std::nullopt);
      ConnectionPtr client = co_await open_text(url);
      StreamPtr to = client->take_stream();
      co_await write_text(*to, "x");
      ConnectionPtr accepted = co_await accept_from(*listener);
      EXPECT_EQ(co_await read_text(*accepted->take_stream(), 1), "x");
      listener.reset();
      EXPECT_TRUE(std::filesystem::exists(path));
      EXPECT_FALSE(co_await os::is_nonblocking(inherited.get()));
    }
  });
}

TEST(ListenFd, PassesOnWhyThereIsNone) {
  run_test([]() -> Task<void> {
    const Address where = address("listen-fd:http", Place::listens);
    OpenContext context;
    context.inherited = [](const Address&) -> Result<Handle> {
      return fail(std::errc::no_such_file_or_directory, "LISTEN_FDNAMES");
    };
    const auto listener = co_await as_result(listen(where, context));
    EXPECT_EQ(code_of(listener), std::errc::no_such_file_or_directory);
  });
}

}  // namespace
}  // namespace fid::endpoint
