// SPDX-License-Identifier: MIT
#include "endpoint/open_text.hpp"

#include <fid/base/os.hpp>

#include <gtest/gtest.h>

namespace fid::endpoint {
namespace {

using namespace test;

std::string fd(const Handle& handle) {
  return "fd:" + std::to_string(handle.get());
}

TEST(FdKind, UsesBothDirectionsOfASocketAndLeavesItOpenAndBlocking) {
  run_test([]() -> Task<void> {
    auto [ours, theirs] = co_await os::socket_pair(os::SocketType::stream);
    co_await os::set_nonblocking(ours.get(), false);
    {
      const ConnectionPtr connection = co_await open_text(fd(ours));
      co_await write_text(*connection->stream, "question");
      co_await connection->stream->shutdown();
      const ConnectionPtr peer = co_await open_text(fd(theirs));
      EXPECT_EQ(co_await read_all_text(*peer->stream), "question");
      co_await write_text(*peer->stream, "answer");
      co_await peer->stream->shutdown();
      EXPECT_EQ(co_await read_all_text(*connection->stream), "answer");
    }
    EXPECT_FALSE(co_await os::is_nonblocking(ours.get()));
  });
}

TEST(FdKind, UsesTheDirectionsThatAPipeHas) {
  run_test([]() -> Task<void> {
    auto [reader, writer] = co_await os::pipe();
    const ConnectionPtr from = co_await open_text(fd(reader));
    const ConnectionPtr to = co_await open_text(fd(writer));
    co_await write_text(*to->stream, "text");
    EXPECT_EQ(co_await read_text(*from->stream, 4), "text");
    const auto wrong = co_await as_result(open_text(fd(writer), Access::read));
    EXPECT_EQ(code_of(wrong), std::errc::bad_file_descriptor);
  });
}

/// What `from` gives, with its end as `|`.
Task<std::string> messages_of(const ConnectionPtr& from, int count) {
  Buffer room(64);
  std::string text;
  for (int i = 0; i < count; ++i) {
    const Received received = co_await ReceiveOp(*from->messages, room);
    text += received.end ? "|" : '<' + std::string(as_text(Bytes(room).first(received.size))) + '>';
  }
  co_return text;
}

TEST(FdKind, KeepsTheMessagesOfASocketApartAndItsModeAsItWas) {
  for (const os::SocketType type : {os::SocketType::datagram, os::SocketType::seqpacket}) {
    run_test([type]() -> Task<void> {
      auto [ours, theirs] = co_await os::socket_pair(type);
      co_await os::set_nonblocking(ours.get(), false);
      const ConnectionPtr near = co_await open_text(fd(ours));
      const ConnectionPtr far = co_await open_text(fd(theirs));
      EXPECT_EQ(near->tells_end, type == os::SocketType::seqpacket);
      for (const std::string_view text : {"one", "", "three"}) {
        co_await SendOp(*far->messages, as_bytes(text));
      }
      co_await far->messages->attempt_shutdown();
      if (type == os::SocketType::seqpacket) {
        EXPECT_EQ(co_await messages_of(near, 4), "<one><><three>|");
      } else {
        EXPECT_EQ(co_await messages_of(near, 3), "<one><><three>");
      }
      EXPECT_FALSE(co_await os::is_nonblocking(ours.get()));
    });
  }
}

TEST(FdKind, SaysWhereASocketThatListensBelongs) {
  run_test([]() -> Task<void> {
    const ListenerPtr listener = co_await listen_text("tcp://127.0.0.1:0");
    Handle listening = co_await os::socket(os::Family::inet4, os::SocketType::stream);
    co_await os::listen(listening.get(), 1);
    const auto opened = co_await as_result(open_text(fd(listening)));
    EXPECT_EQ(code_of(opened), std::errc::invalid_argument);
    if (!opened) {
      EXPECT_EQ(opened.error().operation, "a socket that listens: use listen-fd");
    }
  });
}

TEST(FdKind, ANumberThatIsNotOpenIsABadDescriptor) {
  run_test([]() -> Task<void> {
    const auto opened = co_await as_result(open_text("fd:19999"));
    EXPECT_EQ(code_of(opened), std::errc::bad_file_descriptor);
  });
}

}  // namespace
}  // namespace fid::endpoint
