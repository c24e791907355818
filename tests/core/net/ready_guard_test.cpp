// SPDX-License-Identifier: MIT
#include "support/code_of.hpp"
#include "support/run_test.hpp"
#include "support/turns.hpp"

#include <fid/base/os.hpp>
#include <fid/net/async_fd.hpp>

#include <gtest/gtest.h>

#include <array>

namespace fid {
namespace {

using test::code_of;
using test::run_test;
using test::turns;

using Fd = AsyncFd<Handle>;

struct Pair {
  Fd near;
  Handle far;
};

Result<Pair> pair() {
  auto ends = os::socket_pair(os::SocketType::stream);
  if (!ends) return fail(ends.error());
  auto near = Fd::create(std::move(ends->first));
  if (!near) return fail(near.error());
  return Pair{*std::move(near), std::move(ends->second)};
}

Ready ready_of(const Fd& fd) {
  return fd.readiness().ready();
}

Result<std::size_t> read_from(const Fd& fd) {
  std::array<std::byte, 16> bytes;
  return os::recv(fd.native(), bytes);
}

TEST(ReadyGuard, ClearsWhatItSawOnce) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await pair();
    EXPECT_TRUE(os::send(far.get(), as_bytes("x")).has_value());
    auto guard = co_await near.readable();
    EXPECT_EQ(guard.ready(), Ready::readable);
    guard.clear_ready();
    EXPECT_TRUE(guard.ready().is_empty());
    EXPECT_FALSE(ready_of(near).is_readable());
    near.readiness().set(Ready::readable);
    guard.clear_ready();
    EXPECT_TRUE(ready_of(near).is_readable()) << "a second time does nothing";
  });
}

TEST(ReadyGuard, KeepsWhatWasReportedAfterTheWait) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await pair();
    EXPECT_TRUE(os::send(far.get(), as_bytes("x")).has_value());
    auto guard = co_await near.readable();
    EXPECT_TRUE(os::send(far.get(), as_bytes("y")).has_value());
    co_await turns(2);  // the selector reports
    guard.clear_ready();
    EXPECT_TRUE(ready_of(near).is_readable());
  });
}

TEST(ReadyGuard, ClearsAPartAndKeepsTheRest) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await pair();
    EXPECT_TRUE(os::send(far.get(), as_bytes("x")).has_value());
    static_cast<void>(co_await near.readable());
    auto guard = co_await near.ready(Interest::readable | Interest::writable);
    EXPECT_EQ(guard.ready(), Ready::readable | Ready::writable);
    guard.clear_ready_matching(Ready::readable);
    EXPECT_EQ(guard.ready(), Ready::writable);
    EXPECT_EQ(ready_of(near), Ready::writable);
    guard.clear_ready_matching(Ready::writable);
    EXPECT_TRUE(ready_of(near).is_empty());
  });
}

TEST(ReadyGuard, RetainingAndDroppingKeepEverything) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await pair();
    EXPECT_TRUE(os::send(far.get(), as_bytes("x")).has_value());
    {
      const auto guard = co_await near.readable();
      guard.retain_ready();
      EXPECT_EQ(guard.ready(), Ready::readable);
    }
    EXPECT_TRUE(ready_of(near).is_readable());
  });
}

TEST(ReadyGuard, ClosedStatesAreFinal) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await pair();
    far = Handle();
    auto guard = co_await near.readable();
    EXPECT_TRUE(guard.ready().is_read_closed());
    guard.clear_ready();
    EXPECT_TRUE(guard.ready().is_empty());
    EXPECT_TRUE(ready_of(near).is_read_closed());
    EXPECT_FALSE((co_await near.readable()).ready().is_empty()) << "nobody is to wait for ever";
  });
}

TEST(ReadyGuard, TryIoTellsWouldBlockFromOtherResultsAndClears) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await pair();
    EXPECT_TRUE(os::send(far.get(), as_bytes("abc")).has_value());
    auto guard = co_await near.readable();
    const auto first = guard.try_io(read_from);
    EXPECT_EQ(first->value(), 3U);
    EXPECT_TRUE(ready_of(near).is_readable()) << "success clears nothing";
    const auto failed =
        guard.try_io([](const Fd&) -> Result<int> { return fail(std::errc::io_error, "read"); });
    EXPECT_EQ(code_of(*failed), std::errc::io_error);
    EXPECT_TRUE(ready_of(near).is_readable()) << "neither does any other failure";
    const auto second = guard.try_io(read_from);
    EXPECT_FALSE(second.has_value());
    EXPECT_EQ(second.error().to_string(), "the call would have blocked");
    EXPECT_TRUE(guard.ready().is_empty());
    EXPECT_FALSE(ready_of(near).is_readable());
  });
}

TEST(ReadyGuard, LeadsToTheObject) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await pair();
    const auto guard = co_await near.writable();
    EXPECT_EQ(&guard.get_ref(), &near);
    EXPECT_EQ(&guard.get_inner(), &near.get_ref());
    EXPECT_EQ(guard.to_string(), "ReadyGuard(writable, " + near.to_string() + ")");
  });
}

TEST(ReadyMutGuard, DoesTheSameAndLetsTheObjectBeChanged) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await pair();
    EXPECT_TRUE(os::send(far.get(), as_bytes("abc")).has_value());
    auto guard = co_await near.readable_mut();
    EXPECT_EQ(&guard.get_ref(), &near);
    EXPECT_EQ(&guard.get_mut(), &near);
    EXPECT_EQ(&guard.get_inner(), &near.get_ref());
    EXPECT_EQ(&guard.get_inner_mut(), &near.get_mut());
    guard.retain_ready();
    const auto read = [](Fd& fd) { return read_from(fd); };
    EXPECT_EQ(guard.try_io(read)->value(), 3U);
    EXPECT_FALSE(guard.try_io(read).has_value());
    EXPECT_TRUE(guard.ready().is_empty());

    EXPECT_TRUE(os::send(far.get(), as_bytes("x")).has_value());
    static_cast<void>(co_await near.readable_mut());
    auto both = co_await near.ready_mut(Interest::readable | Interest::writable);
    both.clear_ready_matching(Ready::writable);
    EXPECT_EQ(both.ready(), Ready::readable);
    both.clear_ready();
    EXPECT_TRUE(ready_of(near).is_empty());

    auto [other, end] = co_await pair();
    EXPECT_EQ((co_await other.writable_mut()).ready(), Ready::writable);
  });
}

TEST(ReadyGuard, ClearsNothingThatItDidNotSee) {
  run_test([]() -> Task<void> {
    auto [near, far] = co_await pair();
    EXPECT_TRUE(os::send(far.get(), as_bytes("x")).has_value());
    auto guard = co_await near.readable();
    EXPECT_TRUE(ready_of(near).is_writable());
    guard.clear_ready_matching(Ready::readable | Ready::writable);
    EXPECT_FALSE(ready_of(near).is_readable());
    EXPECT_TRUE(ready_of(near).is_writable());
  });
}

}  // namespace
}  // namespace fid
