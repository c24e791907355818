// SPDX-License-Identifier: MIT
#include "support/code_of.hpp"
#include "support/run_test.hpp"
#include "support/temp_dir.hpp"
#include "support/turns.hpp"

#include <fid/base/os.hpp>
#include <fid/net/unix_datagram.hpp>
#include <fid/net/unix_seqpacket.hpp>
#include <fid/net/unix_stream.hpp>
#include <fid/task/task_group.hpp>

#include <gtest/gtest.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <utility>
#include <vector>

namespace fid {
namespace {

using test::code_of;
using test::run_test;
using test::TempDir;
using test::turns;

/// The reading ends of some pipes, whose writing ends are passed on.
class Pipes {
 public:
  explicit Pipes(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      auto ends = os::pipe().value();
      readers_.push_back(std::move(ends.first));
      writers_.push_back(std::move(ends.second));
      numbers_.push_back(writers_.back().get());
    }
  }

  Passing passing() const { return Passing(numbers_); }
  /// From here on they are open only where they were received.
  void close_writers() { writers_.clear(); }

  bool is_open(std::size_t which) const {
    std::byte byte{};
    return !os::read(readers_[which].get(), MutableBytes(&byte, 1));
  }
  /// Whether `handle` is the writing end of that pipe.
  bool is_writer(std::size_t which, const Handle& handle) const {
    std::byte byte{};
    return os::write(handle.get(), as_bytes("x")) &&
           os::read(readers_[which].get(), MutableBytes(&byte, 1)).value_or(0) == 1;
  }

 private:
  std::vector<Handle> readers_;
  std::vector<Handle> writers_;
  std::vector<Native> numbers_;
};

template <class Socket>
class PassingOver : public testing::Test {};
using Sockets = testing::Types<UnixStream, UnixDatagram, UnixSeqpacket>;
TYPED_TEST_SUITE(PassingOver, Sockets, );

TYPED_TEST(PassingOver, HandlesArriveInOrderWithTheirBytes) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await TypeParam::pair();
    Pipes pipes(3);
    EXPECT_EQ(co_await near.send_with(as_bytes("take these"), pipes.passing()), 10U);
    std::array<std::byte, 16> bytes;
    const Delivery got = co_await far.recv_with(bytes);
    EXPECT_EQ(as_text(Bytes(bytes).first(got.size)), "take these");
    EXPECT_FALSE(got.cut);
    EXPECT_FALSE(got.handles_cut);
    EXPECT_FALSE(got.sender);
    EXPECT_TRUE(got.from.is_unnamed());
    EXPECT_EQ(got.handles.size(), 3U);
    for (std::size_t i = 0; i < got.handles.size(); ++i) {
      EXPECT_TRUE(pipes.is_writer(i, got.handles[i]));
      EXPECT_NE(::fcntl(got.handles[i].get(), F_GETFD) & FD_CLOEXEC, 0);
    }
  });
}

TYPED_TEST(PassingOver, HandlesBeyondTheRoomAreClosed) {
  run_test([]() -> Task<void> {
    for (const std::size_t room : {std::size_t{0}, std::size_t{1}}) {
      auto [near, far] = co_await TypeParam::pair();
      Pipes pipes(4);
      co_await near.send_with(as_bytes("x"), pipes.passing());
      pipes.close_writers();
      std::array<std::byte, 4> bytes;
      const Delivery got = co_await far.recv_with(bytes, room);
      EXPECT_EQ(got.size, 1U);
      EXPECT_TRUE(got.handles_cut);
      EXPECT_EQ(got.handles.size(), room);
      for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(pipes.is_open(i), i < room) << i;
    }
  });
}

/// While it lives the process may open `count` descriptors more.
class FewDescriptors {
 public:
  explicit FewDescriptors(rlim_t count) {
    EXPECT_EQ(::getrlimit(RLIMIT_NOFILE, &before_), 0);
    // The lowest free number, and those behind it.
    const Handle next(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    const rlimit few{static_cast<rlim_t>(next.get()) + count, before_.rlim_max};
    EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  }
  FewDescriptors(const FewDescriptors&) = delete;
  FewDescriptors& operator=(const FewDescriptors&) = delete;
  ~FewDescriptors() { EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &before_), 0); }

 private:
  rlimit before_{};
};

TYPED_TEST(PassingOver, HandlesThatFindNoNumberAreClosed) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await TypeParam::pair();
    Pipes pipes(3);
    co_await near.send_with(as_bytes("x"), pipes.passing());
    std::array<std::byte, 4> bytes;
    Delivery got;
    {
      const FewDescriptors few(1);
      got = co_await far.recv_with(bytes);
    }
    pipes.close_writers();
    EXPECT_TRUE(got.handles_cut);
    EXPECT_EQ(got.handles.size(), 1U);
    EXPECT_TRUE(pipes.is_open(0));
    EXPECT_FALSE(pipes.is_open(1));
    EXPECT_FALSE(pipes.is_open(2));
  });
}

TYPED_TEST(PassingOver, AsManyAsOneMessageTakesArriveAndNoMoreAreSent) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await TypeParam::pair();
    const std::vector<Native> many(Passing::most_handles + 1, near.native());
    const std::span<const Native> most = std::span(many).first(Passing::most_handles);
    EXPECT_EQ(code_of(co_await as_result(near.send_with(as_bytes("x"), Passing(many)))),
              std::errc::invalid_argument);
    co_await far.set_passes_credentials(true);
    co_await near.send_with(as_bytes("x"), Passing(most));
    std::array<std::byte, 4> bytes;
    const Delivery got = co_await far.recv_with(bytes);
    EXPECT_EQ(got.handles.size(), Passing::most_handles);
    EXPECT_TRUE(got.sender.has_value());
    EXPECT_FALSE(got.handles_cut);
  });
}

TYPED_TEST(PassingOver, WhatIsReceivedPlainlyComesWithoutHandles) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await TypeParam::pair();
    Pipes pipes(2);
    co_await near.send_with(as_bytes("x"), pipes.passing());
    pipes.close_writers();
    std::array<std::byte, 4> bytes;
    co_await far.readable();
    EXPECT_EQ(os::recv(far.native(), bytes).value(), 1U);
    EXPECT_FALSE(pipes.is_open(0));
    EXPECT_FALSE(pipes.is_open(1));
  });
}

TYPED_TEST(PassingOver, CredentialsSayWhoSentItToThoseWhoAsk) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await TypeParam::pair();
    const UCred self(::geteuid(), ::getegid(), ::getpid());
    std::array<std::byte, 4> bytes;
    co_await near.send_with(as_bytes("a"), Passing());
    const Delivery unasked = co_await far.recv_with(bytes);
    EXPECT_FALSE(unasked.sender);

    co_await far.set_passes_credentials(true);
    EXPECT_TRUE(far.passes_credentials().value());
    co_await near.send_with(as_bytes("b"), Passing());
    const Delivery untold = co_await far.recv_with(bytes);
    EXPECT_EQ(untold.sender, self);
    co_await near.send_with(as_bytes("c"), Passing().as(self));
    const Delivery told = co_await far.recv_with(bytes);
    EXPECT_EQ(told.sender, self);
    const UCred without_id(self.uid(), self.gid(), std::nullopt);
    Pipes pipes(1);
    co_await near.send_with(as_bytes("d"), pipes.passing().as(without_id));
    const Delivery both = co_await far.recv_with(bytes);
    EXPECT_EQ(both.sender, self);
    EXPECT_EQ(both.handles.size(), 1U);
  });
}

TYPED_TEST(PassingOver, AHandleThatIsNotOpenIsRefused) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await TypeParam::pair();
    const std::array<Native, 1> closed{invalid_native};
    EXPECT_EQ(code_of(co_await as_result(near.send_with(as_bytes("x"), Passing(closed)))),
              std::errc::bad_file_descriptor);
    co_await turns(2);
    std::array<std::byte, 4> bytes;
    EXPECT_TRUE(far.try_recv_with(bytes).error().would_block());
  });
}

TYPED_TEST(PassingOver, ACancelledReceiveHasTakenNothing) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await TypeParam::pair();
    std::array<std::byte, 4> bytes;
    const auto receive = [](TypeParam& from, MutableBytes into) -> Task<void> {
      co_await from.recv_with(into);
      ADD_FAILURE() << "was cancelled";
    };
    TaskGroup group;
    group.add(receive(far, bytes));
    co_await turns(2);
    group.cancel();
    Pipes pipes(1);
    co_await near.send_with(as_bytes("x"), pipes.passing());
    const Delivery got = co_await far.recv_with(bytes);
    EXPECT_EQ(got.handles.size(), 1U);
  });
}

TYPED_TEST(PassingOver, SendingWaitsForRoomAndTryingFollowsReadiness) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await TypeParam::pair();
    Pipes pipes(1);
    EXPECT_TRUE(near.try_send_with(as_bytes("x"), pipes.passing()).error().would_block())
        << "the selector has not spoken";
    co_await near.writable();
    const Buffer page(4096);
    std::size_t sent = 0;
    while (near.try_send_with(page, Passing())) ++sent;
    EXPECT_FALSE(near.write_readiness().has(Interest::writable));
    const auto late = [](TypeParam& to, const Passing& with) -> Task<void> {
      co_await to.send_with(as_bytes("late"), with);
    };
    TaskGroup group;
    group.add(late(near, pipes.passing()));
    co_await turns(2);
    EXPECT_EQ(group.size(), 1U);
    Buffer into(4096);
    Delivery got;
    while (got.handles.empty()) got = co_await far.recv_with(into);
    co_await group.join();
    EXPECT_TRUE(pipes.is_writer(0, got.handles[0]));
  });
}

TEST(Passing, OverAStreamTakesAByteToCarryIt) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await UnixStream::pair();
    const Pipes pipes(1);
    EXPECT_EQ(code_of(co_await as_result(near.send_with(as_bytes(""), pipes.passing()))),
              std::errc::invalid_argument);
    EXPECT_EQ(co_await near.send_with(as_bytes(""), Passing()), 0U);
    auto [left, right] = co_await UnixDatagram::pair();
    EXPECT_EQ(co_await left.send_with(as_bytes(""), pipes.passing()), 0U);
    std::array<std::byte, 4> bytes;
    EXPECT_EQ((co_await right.recv_with(bytes)).handles.size(), 1U);
  });
}

TEST(Passing, OverAStreamKeepsTheHandlesOfTwoSendsApart) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await UnixStream::pair();
    const Pipes first(2);
    const Pipes second(1);
    co_await near.write(as_bytes("plain "));
    co_await near.send_with(as_bytes("two"), first.passing());
    co_await near.send_with(as_bytes("one"), second.passing());
    std::array<std::byte, 16> bytes;
    std::string text;
    std::vector<std::size_t> counts;
    while (text.size() < 12) {
      const Delivery got = co_await far.recv_with(bytes);
      text += as_text(Bytes(bytes).first(got.size));
      if (!got.handles.empty()) counts.push_back(got.handles.size());
    }
    EXPECT_EQ(text, "plain twoone");
    EXPECT_EQ(counts, (std::vector<std::size_t>{2, 1}));
  });
}

TEST(Passing, ToAClosedPeerFailsAndRaisesNoSignal) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await UnixStream::pair();
    { const UnixStream closed = std::move(far); }
    const Pipes pipes(1);
    EXPECT_EQ(code_of(co_await as_result(near.send_with(as_bytes("x"), pipes.passing()))),
              std::errc::broken_pipe);
    // The reactor has it blocked: it would wait to be delivered.
    sigset_t pending;
    EXPECT_EQ(::sigpending(&pending), 0);
    EXPECT_EQ(sigismember(&pending, SIGPIPE), 0);
  });
}

TEST(Passing, AHandleOfTheSendingProcessIsClosed) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await UnixStream::pair();
    constexpr int so_passpidfd = 76;
    const int on = 1;
    if (::setsockopt(far.native(), SOL_SOCKET, so_passpidfd, &on, sizeof on) != 0) co_return;
    co_await near.write(as_bytes("x"));
    std::array<std::byte, 4> bytes;
    const Delivery got = co_await far.recv_with(bytes);
    EXPECT_EQ(got.size, 1U);
    EXPECT_TRUE(got.handles.empty());  // and every test is watched for handles that stay open
  });
}

TEST(Passing, SaysThatAMessageWasCut) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await UnixDatagram::pair();
    co_await near.send(as_bytes("longer than that"));
    std::array<std::byte, 4> bytes;
    const Delivery got = co_await far.recv_with(bytes);
    EXPECT_EQ(got.size, 4U);
    EXPECT_TRUE(got.cut);
  });
}

TEST(Passing, GoesToAnAddressAndComesWithTheSenders) {
  run_test([]() -> Task<void> {
    const TempDir dir;
    UnixDatagram server = co_await UnixDatagram::bind(dir / "server");
    UnixDatagram client = co_await UnixDatagram::bind(dir / "client");
    const Pipes pipes(1);
    const UnixAddr to = co_await server.local_addr();
    EXPECT_EQ(co_await client.send_with_to(as_bytes("x"), pipes.passing(), to), 1U);
    std::array<std::byte, 4> bytes;
    const Delivery got = co_await server.recv_with(bytes);
    EXPECT_EQ(got.from.as_pathname(), dir / "client");
    EXPECT_EQ(got.handles.size(), 1U);
  });
}

}  // namespace
}  // namespace fid
