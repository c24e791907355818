// SPDX-License-Identifier: MIT
#include "endpoint/open_text.hpp"
#include "support/temp_dir.hpp"

#include <fid/base/os_path.hpp>
#include <fid/reactor/with_deadline.hpp>
#include <fid/task/race.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <optional>

namespace fid::endpoint {
namespace {

using namespace test;
using namespace std::chrono_literals;
using fid::test::TempDir;

namespace files = std::filesystem;

Task<void> send(const ConnectionPtr& to, std::string text) {
  co_await SendOp(*to->messages, as_bytes(text));
}

/// The message in brackets; `end` for the end of the connection.
Task<std::string> receive(const ConnectionPtr& from) {
  Buffer room(longest_message);
  const Received received = co_await ReceiveOp(*from->messages, room);
  if (received.end) co_return "end";
  co_return '<' + std::string(as_text(Bytes(room).first(received.size))) + '>';
}

TEST(UnixSeqKind, KeepsBoundariesAndTellsAnEmptyRecordFromTheEnd) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    const std::string url = "unix-seq:" + dir / "s";
    const ListenerPtr listener = co_await listen_text(url);
    EXPECT_EQ(listener->urls(), std::vector<std::string>{url});
    auto [near, far] = co_await all(open_text(url), listener->accept());
    EXPECT_TRUE(near->tells_end);
    EXPECT_TRUE(far->cred.has_value());
    for (const char* text : {"one", "", "three"}) co_await send(near, text);
    EXPECT_FALSE(co_await as_result(send(near, std::string(1 << 24, 'x'))));
    co_await near->messages->attempt_shutdown();
    EXPECT_EQ(co_await receive(far), "<one>");
    EXPECT_EQ(co_await receive(far), "<>");
    EXPECT_EQ(co_await receive(far), "<three>");
    EXPECT_EQ(co_await receive(far), "end");
    co_await send(far, "answer");
    EXPECT_EQ(co_await receive(near), "<answer>");
  });
}

TEST(UnixSeqKind, SaysThatARecordWasCut) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    const std::string url = "unix-seq:" + dir / "s";
    const ListenerPtr listener = co_await listen_text(url);
    auto [near, far] = co_await all(open_text(url), listener->accept());
    co_await send(near, "too long");
    Buffer room(3);
    const Received received = co_await ReceiveOp(*far->messages, room);
    EXPECT_EQ(received.size, 3U);
    EXPECT_TRUE(received.cut);
  });
}

TEST(UnixDgramKind, AnswersWhoeverWroteLast) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    const std::string url = "unix-dgram:" + dir / "s";
    const ListenerPtr listener = co_await listen_text(url + ",mode=0620");
    EXPECT_EQ(listener->urls(), std::vector<std::string>{url});
    EXPECT_EQ(listener->mode(), 0620U);
    const ConnectionPtr a = co_await open_text(url);
    const ConnectionPtr b = co_await open_text(url + ",bind=" + dir / "b");
    EXPECT_FALSE(a->tells_end);
    co_await send(a, "from a");
    const ConnectionPtr server = co_await listener->accept();
    EXPECT_FALSE(server->tells_end);
    EXPECT_EQ(co_await receive(server), "<from a>");
    co_await send(server, "to a");
    co_await send(b, "");
    EXPECT_EQ(co_await receive(server), "<>");
    co_await send(server, "to b");
    EXPECT_EQ(co_await receive(a), "<to a>");
    EXPECT_EQ(co_await receive(b), "<to b>");
  });
}

TEST(UnixDgramKind, WhatIsSentBeforeAnyoneWroteWaitsForAPeer) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    const std::string url = "unix-dgram:" + dir / "s";
    const ListenerPtr listener = co_await listen_text(url);
    const ConnectionPtr client = co_await open_text(url);
    co_await send(client, "hello");
    const ConnectionPtr server = co_await listener->accept();
    EXPECT_TRUE(server->messages->attempt_send(as_bytes("too early")).error().would_block());
    const auto serve = [](const ConnectionPtr& at) -> Task<void> {
      EXPECT_EQ(co_await receive(at), "<hello>");
    };
    co_await all(send(server, "early"), serve(server));
    EXPECT_EQ(co_await receive(client), "<early>");
  });
}

TEST(UnixDgramKind, AnAnswerWaitsForRoomAtItsReceiver) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    const std::string url = "unix-dgram:" + dir / "s";
    const ListenerPtr listener = co_await listen_text(url);
    const ConnectionPtr client = co_await open_text(url);
    co_await send(client, "hello");
    const ConnectionPtr server = co_await listener->accept();
    EXPECT_EQ(co_await receive(server), "<hello>");
    constexpr int many = 300;  // more than a queue holds
    const auto answer = [](const ConnectionPtr& at) -> Task<void> {
      for (int i = 0; i < many; ++i) co_await send(at, std::to_string(i));
    };
    const auto read = [](const ConnectionPtr& at) -> Task<void> {
      for (int i = 0; i < many; ++i) {
        EXPECT_EQ(co_await receive(at), '<' + std::to_string(i) + '>');
      }
    };
    co_await all(answer(server), read(client));
  });
}

TEST(UnixDgramKind, APeerWithoutANameCannotBeAnswered) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    const ListenerPtr listener = co_await listen_text("unix-dgram:" + dir / "s");
    const Handle client = co_await os::socket(os::Family::local, os::SocketType::datagram);
    const UnixAddr to = co_await UnixAddr::from_path(dir / "s");
    co_await os::send_to(client.get(), as_bytes("x"), to.to_raw());
    const ConnectionPtr server = co_await listener->accept();
    EXPECT_EQ(co_await receive(server), "<x>");
    const auto answered = co_await as_result(send(server, "answer"));
    EXPECT_EQ(code_of(answered), std::errc::destination_address_required);
  });
}

TEST(UnixDgramKind, ServesOneConnectionAfterAnother) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    const std::string url = "unix-dgram:" + dir / "s";
    const ListenerPtr listener = co_await listen_text(url);
    const ConnectionPtr client = co_await open_text(url);
    co_await send(client, "one");
    ConnectionPtr first = co_await listener->accept();
    auto second = with_deadline(5ms, listener->accept());
    EXPECT_EQ(code_of(co_await as_result(std::move(second))), Errc::deadline_passed);
    EXPECT_EQ(co_await receive(first), "<one>");
    first.reset();
    co_await send(client, "two");
    const ConnectionPtr next = co_await listener->accept();
    EXPECT_EQ(co_await receive(next), "<two>");
  });
}

TEST(UnixDgramKind, ItsPathsLastAsLongAsTheirSockets) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    const std::string url = "unix-dgram:" + dir / "s";
    ListenerPtr listener = co_await listen_text(url);
    ConnectionPtr client = co_await open_text(url + ",bind=" + dir / "c");
    const auto other = co_await as_result(listen_text(url));
    EXPECT_EQ(code_of(other), std::errc::address_in_use);
    co_await send(client, "x");
    ConnectionPtr server = co_await listener->accept();
    listener.reset();
    EXPECT_TRUE(files::exists(dir / "s"));
    EXPECT_EQ(co_await receive(server), "<x>");
    server.reset();
    EXPECT_FALSE(files::exists(dir / "s"));
    EXPECT_TRUE(files::exists(dir / "c"));
    client.reset();
    EXPECT_FALSE(files::exists(dir / "c"));
    const auto refused = co_await as_result(open_text(url));
    EXPECT_EQ(code_of(refused), std::errc::no_such_file_or_directory);
  });
}

}  // namespace
}  // namespace fid::endpoint
