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
      const Connection connection = co_await open_text(fd(ours));
      co_await write_text(*connection.stream, "question");
      co_await connection.stream->shutdown();
      const Connection peer = co_await open_text(fd(theirs));
      EXPECT_EQ(co_await read_all_text(*peer.stream), "question");
      co_await write_text(*peer.stream, "answer");
      co_await peer.stream->shutdown();
      EXPECT_EQ(co_await read_all_text(*connection.stream), "answer");
    }
    EXPECT_FALSE(co_await os::is_nonblocking(ours.get()));
  });
}

TEST(FdKind, UsesTheDirectionsThatAPipeHas) {
  run_test([]() -> Task<void> {
    auto [reader, writer] = co_await os::pipe();
    const Connection from = co_await open_text(fd(reader));
    const Connection to = co_await open_text(fd(writer));
    co_await write_text(*to.stream, "text");
    EXPECT_EQ(co_await read_text(*from.stream, 4), "text");
    const auto wrong = co_await as_result(open_text(fd(writer), Access::read));
    EXPECT_EQ(code_of(wrong), std::errc::bad_file_descriptor);
  });
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
