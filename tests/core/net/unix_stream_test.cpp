// SPDX-License-Identifier: MIT
#include "support/code_of.hpp"
#include "support/run_test.hpp"
#include "support/temp_dir.hpp"

#include <fid/base/os.hpp>
#include <fid/net/unix_listener.hpp>
#include <fid/net/unix_socket.hpp>
#include <fid/net/unix_stream.hpp>
#include <fid/reactor/reactor.hpp>
#include <fid/task/race.hpp>
#include <fid/task/task_group.hpp>

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <string>
#include <vector>

namespace fid {
namespace {

using test::code_of;
using test::run_test;
using test::TempDir;

Task<std::string> read_some(UnixStream& from) {
  std::array<std::byte, 64> bytes;
  const std::size_t n = co_await from.read(bytes);
  co_return std::string(as_text(Bytes(bytes).first(n)));
}

TEST(UnixStream, ConnectsToAPathAndSeesTheListenersAddress) {
  run_test([]() -> Task<void> {
    const TempDir dir;
    const std::string path = dir / "s";
    const UnixListener listener = co_await UnixListener::bind(path);
    UnixStream client = co_await UnixStream::connect(path);
    auto [stream, peer] = co_await listener.accept();
    EXPECT_TRUE(peer.is_unnamed());
    EXPECT_EQ(client.peer_addr()->as_pathname(), path);
    EXPECT_TRUE(client.local_addr()->is_unnamed());
    EXPECT_EQ(stream.local_addr()->as_pathname(), path);
    co_await client.write(as_bytes("ping"));
    EXPECT_EQ(co_await read_some(stream), "ping");
    const UCred self(::geteuid(), ::getegid(), ::getpid());
    EXPECT_EQ(client.peer_cred(), self);
    EXPECT_EQ(stream.peer_cred(), self);
    for (const Native handle : {listener.native(), client.native(), stream.native()}) {
      EXPECT_NE(::fcntl(handle, F_GETFL) & O_NONBLOCK, 0);
      EXPECT_NE(::fcntl(handle, F_GETFD) & FD_CLOEXEC, 0);
    }
  });
}

TEST(UnixStream, ConnectsToAbstractNames) {
  run_test([]() -> Task<void> {
    using namespace std::string_literals;
    const std::string name = "\0fid-test-\0-"s + std::to_string(::getpid());
    const UnixListener listener = co_await UnixListener::bind(name);
    EXPECT_EQ(listener.local_addr()->as_abstract_name(), std::string_view(name).substr(1));
    const UnixAddr where = co_await listener.local_addr();
    UnixSocket socket = co_await UnixSocket::new_stream();
    co_await socket.bind(name + "-client");
    const UnixStream client = co_await std::move(socket).connect_addr(where);
    const auto [stream, peer] = co_await listener.accept();
    EXPECT_EQ(peer.as_abstract_name(), std::string_view(name + "-client").substr(1));
    const UnixStream second = co_await UnixStream::connect(name);
  });
}

TEST(UnixStream, SaysWhyItCannotConnect) {
  run_test([]() -> Task<void> {
    const TempDir dir;
    EXPECT_EQ(code_of(co_await as_result(UnixStream::connect(dir / "none"))),
              std::errc::no_such_file_or_directory);
    { const UnixListener gone = co_await UnixListener::bind(dir / "stale"); }
    const auto stale = co_await as_result(UnixStream::connect(dir / "stale"));
    EXPECT_EQ(code_of(stale), std::errc::connection_refused);
    EXPECT_EQ(stale.error().operation, "connect");
    const auto too_long = co_await as_result(UnixStream::connect(std::string(200, 'x')));
    EXPECT_EQ(code_of(too_long), std::errc::invalid_argument);
    const auto cut = co_await as_result(UnixStream::connect(std::string("a\0b", 3)));
    EXPECT_EQ(code_of(cut), std::errc::invalid_argument);
  });
}

TEST(UnixStream, AFullQueueIsFinal) {
  run_test([]() -> Task<void> {
    const TempDir dir;
    UnixSocket socket = co_await UnixSocket::new_stream();
    co_await socket.bind(dir / "s");
    const UnixListener listener = co_await std::move(socket).listen(0);
    const UnixStream first = co_await UnixStream::connect(dir / "s");
    const auto second = co_await as_result(UnixStream::connect(dir / "s"));
    EXPECT_FALSE(second.has_value());
    if (!second) {
      EXPECT_TRUE(second.error().would_block());
    }
  });
}

TEST(UnixStream, ConnectingWaitsForTheSelectorToSaySo) {
  run_test([]() -> Task<void> {
    const TempDir dir;
    const UnixListener listener = co_await UnixListener::bind(dir / "s");
    const auto at_once = []() -> Task<void> { co_return; };
    const auto first = co_await race(UnixStream::connect(dir / "s"), at_once());
    EXPECT_EQ(first.index(), 1U);
  });
}

TEST(UnixStream, APairIsConnectedAndShutDownInOneDirection) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await UnixStream::pair();
    co_await near.write(as_bytes("last"));
    co_await near.shutdown();
    EXPECT_EQ(co_await read_some(far), "last");
    EXPECT_EQ(co_await read_some(far), "");
    co_await far.write(as_bytes("still here"));
    EXPECT_EQ(co_await read_some(near), "still here");
    EXPECT_TRUE(near.peer_addr()->is_unnamed());
  });
}

/// Sends one byte and a handle along with it.
void send_with_handle(Native socket, Native passed) {
  alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(sizeof(int))> control{};
  char byte = 'h';
  iovec piece{&byte, 1};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr* const header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  std::memcpy(CMSG_DATA(header), &passed, sizeof(int));
  EXPECT_EQ(::sendmsg(socket, &message, MSG_NOSIGNAL), 1);
}

TEST(UnixStream, ReadsOnAfterAPassedHandleStoppedAShortRead) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await UnixStream::pair();
    send_with_handle(near.native(), near.native());
    EXPECT_EQ(os::send(near.native(), as_bytes("after")).value(), 5U);
    co_await far.readable();
    EXPECT_EQ(co_await read_some(far), "h");
    EXPECT_EQ(co_await read_some(far), "after");
  });
}

TEST(UnixStream, WritesToAClosedPeerFailAndRaiseNoSignal) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await UnixStream::pair();
    { const UnixStream closed = std::move(far); }
    const std::array<Bytes, 1> pieces{as_bytes("x")};
    EXPECT_EQ(code_of(co_await as_result(near.write_vectored(pieces))), std::errc::broken_pipe);
    EXPECT_EQ(code_of(co_await as_result(near.write(as_bytes("x")))), std::errc::broken_pipe);
    EXPECT_EQ(co_await read_some(near), "");
  });
}

TEST(UnixStream, IsGivenUpAndAdoptedAgain) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await UnixStream::pair();
    Handle handle = co_await std::move(far).into_native();
    EXPECT_TRUE(os::is_nonblocking(handle.get()).value());
    UnixStream adopted = co_await UnixStream::from_native(std::move(handle));
    std::array<std::byte, 8> bytes;
    EXPECT_TRUE(adopted.try_read(bytes).error().would_block());
    co_await adopted.write(as_bytes("hello"));
    EXPECT_EQ(co_await read_some(near), "hello");
    EXPECT_FALSE(adopted.take_error().has_value());
    EXPECT_EQ(adopted.to_string(), "UnixStream(local=(unnamed), peer=(unnamed), handle=" +
                                       std::to_string(adopted.native()) + ")");
  });
}

TEST(UnixListener, LeavesFilesAsTheyAre) {
  run_test([]() -> Task<void> {
    const TempDir dir;
    const std::string path = dir / "s";
    { const UnixListener listener = co_await UnixListener::bind(path); }
    EXPECT_EQ(::access(path.c_str(), F_OK), 0);
    EXPECT_EQ(code_of(UnixListener::bind(path)), std::errc::address_in_use);
    EXPECT_EQ(code_of(UnixListener::bind("")), std::errc::invalid_argument);
  });
}

Task<void> accept_one(const UnixListener& from, int& accepted) {
  co_await from.accept();
  ++accepted;
}

TEST(UnixListener, WakesEveryAcceptorAndACancelledOneTakesNothing) {
  run_test([]() -> Task<void> {
    const TempDir dir;
    const UnixListener listener = co_await UnixListener::bind(dir / "s");
    const UnixAddr where = co_await listener.local_addr();
    int accepted = 0;
    TaskGroup acceptors;
    for (int i = 0; i < 2; ++i) acceptors.add(accept_one(listener, accepted));
    co_await yield_now();
    std::vector<UnixSocket> clients;
    for (int i = 0; i < 3; ++i) {
      clients.push_back(co_await UnixSocket::new_stream());
      EXPECT_TRUE(os::connect(clients.back().native(), where.to_raw()).has_value());
    }
    {
      TaskGroup cancelled;
      cancelled.add(accept_one(listener, accepted));
    }
    EXPECT_EQ(accepted, 0);
    co_await acceptors.join();
    EXPECT_EQ(accepted, 2);
    const auto [stream, peer] = co_await listener.accept();
    EXPECT_EQ(stream.local_addr().value(), where);
  });
}

TEST(UnixListener, IsGivenUpAndAdoptedAgain) {
  run_test([]() -> Task<void> {
    const TempDir dir;
    UnixListener listener = co_await UnixListener::bind(dir / "s");
    EXPECT_EQ(listener.to_string(), "UnixListener(local=" + (dir / "s") +
                                        ", handle=" + std::to_string(listener.native()) + ")");
    EXPECT_FALSE(listener.take_error().has_value());
    Handle handle = co_await std::move(listener).into_native();
    const UnixListener adopted = co_await UnixListener::from_native(std::move(handle));
    const UnixStream client = co_await UnixStream::connect(dir / "s");
    const auto [stream, peer] = co_await adopted.accept();
    EXPECT_TRUE(peer.is_unnamed());
  });
}

TEST(UnixSocket, RefusesWhatItsTypeDoesNotHaveBeforeAnyCall) {
  run_test([]() -> Task<void> {
    const TempDir dir;
    UnixSocket datagram = co_await UnixSocket::new_datagram();
    co_await datagram.bind(dir / "d");
    EXPECT_EQ(code_of(std::move(datagram).listen(1)), std::errc::operation_not_supported);
    UnixSocket second = co_await UnixSocket::new_datagram();
    EXPECT_EQ(code_of(co_await as_result(std::move(second).connect(dir / "d"))),
              std::errc::operation_not_supported);
    UnixSocket stream = co_await UnixSocket::new_stream();
    EXPECT_EQ(code_of(std::move(stream).datagram()), std::errc::operation_not_supported);
    UnixSocket messages = co_await UnixSocket::new_seqpacket();
    EXPECT_EQ(code_of(std::move(messages).listen(1)), std::errc::operation_not_supported);
  });
}

TEST(UnixSocket, AsksTheSystemWhatItAdopted) {
  UnixSocket made = UnixSocket::new_seqpacket().value();
  EXPECT_EQ(made.to_string(),
            "UnixSocket(local=(unnamed), handle=" + std::to_string(made.native()) + ")");
  Handle handle = std::move(made).into_native();
  const UnixSocket adopted = UnixSocket::from_native(std::move(handle)).value();
  EXPECT_EQ(adopted.type(), os::SocketType::seqpacket);
  EXPECT_NE(::fcntl(adopted.native(), F_GETFL) & O_NONBLOCK, 0);
  EXPECT_NE(::fcntl(adopted.native(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST(UnixSocketDeathTest, WithoutAReactorTheCallerIsNamed) {
  EXPECT_DEATH(static_cast<void>(UnixStream::pair()), "unix_stream_test.cpp");
  EXPECT_DEATH(static_cast<void>(UnixStream::connect("x")), "unix_stream_test.cpp");
  auto socket = UnixSocket::new_stream().value();
  EXPECT_DEATH(static_cast<void>(std::move(socket).connect("x")), "unix_stream_test.cpp");
  const TempDir dir;
  EXPECT_DEATH(static_cast<void>(UnixListener::bind(dir / "s")), "unix_stream_test.cpp");
}

TEST(UnixListener, TryAcceptFollowsReadiness) {
  run_test([]() -> Task<void> {
    const TempDir dir;
    const UnixListener listener = co_await UnixListener::bind(dir / "s");
    EXPECT_TRUE(listener.try_accept().error().would_block());
    const UnixStream client = co_await UnixStream::connect(dir / "s");
    co_await listener.readable();
    const auto accepted = listener.try_accept();
    EXPECT_TRUE(accepted->second.is_unnamed());
    EXPECT_TRUE(listener.try_accept().error().would_block());
  });
}

TEST(UnixListener, ListensOnAnAddressOfAnyKind) {
  run_test([]() -> Task<void> {
    const TempDir dir;
    for (const UnixAddr& where :
         {UnixAddr::from_path(dir / "s").value(),
          UnixAddr::from_abstract("fid-test-bind-" + std::to_string(::getpid())).value()}) {
      const UnixListener listener = co_await UnixListener::bind_addr(where);
      EXPECT_EQ(listener.local_addr(), where);
      const UnixStream client = co_await UnixStream::connect_addr(where);
      EXPECT_EQ(client.peer_addr(), where);
    }
  });
}

TEST(UnixStream, MakesCallsOfOnesOwn) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await UnixStream::pair();
    std::array<std::byte, 8> bytes;
    int calls = 0;
    const auto receive = [&, handle = far.native()] {
      ++calls;
      return os::recv(handle, bytes);
    };
    EXPECT_TRUE(far.try_io(Interest::readable, receive).error().would_block());
    EXPECT_EQ(calls, 0);
    co_await near.write(as_bytes("abc"));
    EXPECT_EQ(co_await far.async_io(Interest::readable, receive), 3U);
    EXPECT_TRUE(far.try_io(Interest::readable, receive).error().would_block());
    EXPECT_EQ(calls, 2);
    EXPECT_FALSE(far.read_readiness().has(Interest::readable));
  });
}

TEST(UnixStreamDeathTest, AdoptingABlockingSocketNamesTheCaller) {
#ifdef NDEBUG
  GTEST_SKIP() << "checked in debug builds only";
#else
  const auto reactor = Reactor::create().value();
  auto ends = os::socket_pair(os::SocketType::stream).value();
  ASSERT_TRUE(os::set_nonblocking(ends.first.get(), false));
  EXPECT_DEATH(static_cast<void>(UnixStream::from_native(std::move(ends.first))),
               "unix_stream_test.cpp.*does not block");
#endif
}

}  // namespace
}  // namespace fid
