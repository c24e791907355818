// SPDX-License-Identifier: MIT
#include "support/allocations.hpp"

#include "support/run_test.hpp"

#include <fid/io/duplex.hpp>
#include <fid/io/ops.hpp>
#include <fid/net/udp_socket.hpp>
#include <fid/net/unix_datagram.hpp>
#include <fid/net/unix_stream.hpp>
#include <fid/reactor/sleep.hpp>
#include <fid/task/event.hpp>
#include <fid/task/task_group.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <new>

// An operation lives in the frame of the coroutine that awaits it, and nowhere else.
namespace fid {
namespace {

using test::allocations;
using test::run_test;

constexpr int times = 200;  // more than the share a coroutine has before it must give way

/// Says what was allocated since it was made.
class Allocated {
 public:
  std::uint64_t operator()() const noexcept { return allocations() - before_; }

 private:
  std::uint64_t before_ = allocations();
};

TEST(Allocations, AreCounted) {
  const Allocated allocated;
  operator delete(operator new(1));
  EXPECT_EQ(allocated(), 1U);
}

template <class S>
Task<void> move_bytes(S& from, S& to) {
  std::array<std::byte, 64> buffer{};
  const Allocated allocated;
  for (int i = 0; i < times; ++i) {
    co_await from.writable();
    co_await from.write(buffer);
    co_await to.readable();
    co_await to.read(buffer);
    co_await write_all(from, Bytes(buffer));
    co_await read_exact(to, buffer);
    co_await from.flush();
    EXPECT_TRUE(from.try_write(buffer));
    EXPECT_TRUE(to.try_read(buffer));
  }
  EXPECT_EQ(allocated(), 0U);
}

TEST(Allocations, NoneByReadingAndWritingASocketThatIsReady) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await UnixStream::pair();
    co_await move_bytes(near, far);
  });
}

TEST(Allocations, NoneByReadingAndWritingADuplexThatIsReady) {
  run_test([]() -> Task<void> {
    auto [near, far] = duplex(256);
    co_await move_bytes(near, far);
  });
}

template <class S>
Task<void> move_messages(S& from, S& to) {
  std::array<std::byte, 64> buffer{};
  const Allocated allocated;
  for (int i = 0; i < times; ++i) {
    co_await from.send(buffer);
    EXPECT_EQ(co_await to.recv(buffer), buffer.size());
  }
  EXPECT_EQ(allocated(), 0U);
}

TEST(Allocations, NoneByMessagesThatAreThere) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await UnixDatagram::pair();
    co_await move_messages(near, far);
    const SocketAddr anywhere(Ipv4Addr::loopback(), 0);
    UdpSocket receiver = co_await UdpSocket::bind(anywhere);
    UdpSocket sender = co_await UdpSocket::bind(anywhere);
    co_await sender.connect(co_await receiver.local_addr());
    co_await move_messages(sender, receiver);
  });
}

Task<void> send_back(UnixStream& stream) {
  std::array<std::byte, 64> buffer;
  while (const std::size_t count = co_await stream.read(buffer)) {
    co_await write_all(stream, Bytes(buffer).first(count));
  }
}

TEST(Allocations, NoneByWaitingForData) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await UnixStream::pair();
    TaskGroup group;
    group.add(send_back(far));
    std::array<std::byte, 64> buffer{};
    const Allocated allocated;
    for (int i = 0; i < times; ++i) {
      co_await write_all(near, Bytes(buffer));
      co_await read_exact(near, buffer);
    }
    EXPECT_EQ(allocated(), 0U);
  });
}

TEST(Allocations, NoneByWhatIsOverAlready) {
  run_test([]() -> Task<void> {
    Event event;
    event.set();
    const Allocated allocated;
    for (int i = 0; i < times; ++i) {
      co_await sleep(Duration::zero());
      co_await event.wait();
      co_await yield_now();
      EXPECT_EQ(co_await Result<int>(i), i);
    }
    EXPECT_EQ(allocated(), 0U);
  });
}

Task<int> one() {
  co_return 1;
}

TEST(Allocations, OneAtMostByATaskThatIsAwaited) {
  run_test([]() -> Task<void> {
    const Allocated allocated;
    for (int i = 0; i < times; ++i) co_await one();
    EXPECT_LE(allocated(), static_cast<std::uint64_t>(times));
  });
}

}  // namespace
}  // namespace fid
