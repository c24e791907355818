// SPDX-License-Identifier: MIT
#include "support/code_of.hpp"
#include "support/handle_stream.hpp"
#include "support/run_test.hpp"
#include "support/temp_dir.hpp"
#include "support/turns.hpp"

#include <fid/base/os.hpp>
#include <fid/net/async_fd.hpp>
#include <fid/reactor/reactor.hpp>
#include <fid/task/race.hpp>
#include <fid/task/task_group.hpp>

#include <gtest/gtest.h>

#include <sys/eventfd.h>
#include <sys/socket.h>

#include <array>
#include <concepts>

namespace fid {
namespace {

using test::code_of;
using test::run_test;
using test::TempDir;
using test::turns;

using Fd = AsyncFd<Handle>;

std::pair<Handle, Handle> socket_pair() {
  return os::socket_pair(os::SocketType::stream).value();
}

std::size_t watched() {
  return Reactor::current().registrations().size();
}

Result<std::size_t> read_from(const Handle& handle) {
  std::array<std::byte, 16> bytes;
  return os::read(handle.get(), bytes);
}

/// Fills the socket's buffer.
void fill(Native socket) {
  const Buffer page(4096);
  while (os::send(socket, page)) continue;
}

TEST(AsyncFd, TellsWhenAnyHandleIsReady) {
  run_test([]() -> Task<void> {
    Fd event = co_await Fd::create(Handle(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)));
    EXPECT_TRUE((co_await event.writable()).ready().is_writable());
    TaskGroup group;
    int woken = 0;
    const auto wait = [](const Fd& fd, int& count) -> Task<void> {
      const auto guard = co_await fd.readable();
      if (guard.ready().is_readable()) ++count;
    };
    for (int i = 0; i < 3; ++i) group.add(wait(event, woken));
    co_await turns(3);
    EXPECT_EQ(woken, 0);
    const std::uint64_t one = 1;
    EXPECT_TRUE(os::write(event.native(), std::as_bytes(std::span(&one, 1))).has_value());
    co_await group.join();
    EXPECT_EQ(woken, 3) << "one event wakes all";
  });
}

TEST(AsyncFd, WaitsAgainAfterACallThatWouldBlock) {
  run_test([]() -> Task<void> {
    auto [near, far] = socket_pair();
    Fd fd = co_await Fd::create(std::move(near));
    EXPECT_TRUE(os::send(far.get(), as_bytes("x")).has_value());
    std::size_t total = 0;
    const auto read_two = [](const Fd& from, std::size_t& sum) -> Task<void> {
      while (sum < 2) {
        auto guard = co_await from.readable();
        const auto read = guard.try_io([](const Fd& it) { return read_from(it.get_ref()); });
        if (read) sum += co_await Result<std::size_t>(*read);
      }
    };
    TaskGroup group;
    group.add(read_two(fd, total));
    co_await turns(5);
    EXPECT_EQ(total, 1U);
    const auto before = Reactor::current().wake_ups();
    co_await turns(5);
    EXPECT_LE(Reactor::current().wake_ups() - before, 6U);
    EXPECT_TRUE(os::send(far.get(), as_bytes("y")).has_value());
    co_await group.join();
    EXPECT_EQ(total, 2U);
  });
}

TEST(AsyncFd, IsToldOnlyOfItsInterest) {
  run_test([]() -> Task<void> {
    auto [near, far] = socket_pair();
    const Fd fd = co_await Fd::with_interest(std::move(near), Interest::writable);
    EXPECT_TRUE(os::send(far.get(), as_bytes("x")).has_value());
    static_cast<void>(co_await fd.writable());
    co_await turns(2);
    EXPECT_EQ(fd.readiness().ready(), Ready::writable);
  });
}

TEST(AsyncFd, TellsOfUrgentDataAlone) {
  run_test([]() -> Task<void> {
    auto [near, far] = test::tcp_handles();
    const Fd fd = co_await Fd::with_interest(std::move(near), Interest::priority);
    EXPECT_TRUE(os::send(far.get(), as_bytes("x")).has_value());
    co_await turns(2);
    EXPECT_FALSE(fd.readiness().ready().is_priority());
    EXPECT_EQ(::send(far.get(), "!", 1, MSG_OOB), 1);
    EXPECT_TRUE((co_await fd.ready(Interest::priority)).ready().is_priority());
  });
}

TEST(AsyncFd, WhoWaitsForUrgentDataAloneIsNotToldThatThePeerHasEndedItsStream) {
  run_test([]() -> Task<void> {
    auto [near, far] = socket_pair();
    const Fd fd = co_await Fd::with_interest(std::move(near), Interest::priority);
    EXPECT_TRUE(os::shutdown(far.get(), os::Shutdown::write));
    co_await turns(2);
    EXPECT_TRUE(fd.readiness().ready().is_empty());
    far = Handle();
    EXPECT_TRUE((co_await fd.ready(Interest::readable)).ready().is_read_closed());
  });
}

TEST(AsyncFd, TellsOfErrorsAloneWithoutReadability) {
  run_test([]() -> Task<void> {
    auto ends = co_await os::pipe();
    const Fd fd = co_await Fd::with_interest(std::move(ends.second), Interest::error);
    co_await turns(2);
    EXPECT_TRUE(fd.readiness().ready().is_empty());
    ends.first = Handle();
    const auto guard = co_await fd.ready(Interest::error);
    EXPECT_TRUE(guard.ready().is_error());
    EXPECT_FALSE(fd.readiness().ready().is_readable());
  });
}

TEST(AsyncFd, RefusesWhatCannotBeWatched) {
  run_test([]() -> Task<void> {
    const TempDir dir;
    os::OpenOptions options;
    options.write = options.create = true;
    Handle file = co_await os::open(dir / "file", options);
    EXPECT_EQ(code_of(Fd::create(std::move(file))), std::errc::operation_not_permitted);
    EXPECT_EQ(code_of(AsyncFd<Native>::create(invalid_native)), std::errc::bad_file_descriptor);
    auto [near, far] = socket_pair();
    const auto first = co_await AsyncFd<Native>::create(near.get());
    EXPECT_EQ(code_of(AsyncFd<Native>::create(near.get())), std::errc::file_exists);
    EXPECT_EQ(watched(), 1U);
  });
}

TEST(AsyncFd, GivesTheObjectBackWithTheCause) {
  run_test([]() -> Task<void> {
    auto [near, far] = socket_pair();
    const auto first = co_await AsyncFd<Native>::create(near.get());
    auto second = Fd::try_create(std::move(near));
    EXPECT_FALSE(second.has_value());
    EXPECT_EQ(second.error().cause().code, std::errc::file_exists);
    EXPECT_EQ(second.error().to_string(), "epoll_ctl: File exists (EEXIST)");
    const Error as_cause = second.error();
    auto [object, cause] = std::move(second.error()).into_parts();
    EXPECT_EQ(as_cause, cause);
    EXPECT_TRUE(os::send(object.get(), as_bytes("x")).has_value()) << "still open";
    auto third = Fd::try_with_interest(std::move(object), Interest::readable);
    EXPECT_FALSE(third.has_value());
    EXPECT_TRUE(AsyncFd<Native>::try_create(far.get()).has_value());
  });
}

TEST(AsyncFd, GivesTheObjectUpOpenToBeWatchedAgain) {
  run_test([]() -> Task<void> {
    auto [near, far] = socket_pair();
    const Native number = near.get();
    Fd fd = co_await Fd::create(std::move(near));
    EXPECT_EQ(fd.get_ref().get(), number);
    EXPECT_EQ(fd.get_mut().get(), number);
    EXPECT_EQ(fd.native(), number);
    EXPECT_EQ(fd.to_string(), "AsyncFd(handle=" + std::to_string(number) + ")");
    Handle back = std::move(fd).into_inner();
    EXPECT_EQ(back.get(), number);
    EXPECT_EQ(watched(), 0U);
    Fd again = co_await Fd::create(std::move(back));
    EXPECT_TRUE(os::send(far.get(), as_bytes("x")).has_value());
    static_cast<void>(co_await again.readable());
  });
}

/// Has a handle, and notes when it goes.
class Noting {
 public:
  Noting(Handle handle, std::size_t& watched_then)
      : handle_(std::move(handle)), watched_then_(&watched_then) {}
  Noting(Noting&&) = default;
  Noting& operator=(Noting&&) = default;
  ~Noting() {
    if (handle_) *watched_then_ = watched();
  }
  Native native() const noexcept { return handle_.get(); }

 private:
  Handle handle_;
  std::size_t* watched_then_;
};

TEST(AsyncFd, StopsWatchingBeforeTheObjectGoes) {
  run_test([]() -> Task<void> {
    auto [near, far] = socket_pair();
    std::size_t watched_then = 99;
    auto fd = co_await AsyncFd<Noting>::create(Noting(std::move(near), watched_then));
    EXPECT_EQ(watched(), 1U);
    { const auto gone = std::move(fd); }
    EXPECT_EQ(watched_then, 0U);
    std::array<std::byte, 1> byte;
    EXPECT_EQ(os::recv(far.get(), byte).value(), 0U) << "closed by the object";
  });
}

TEST(AsyncFd, LeavesNothingWhenItsHandleWasClosedBefore) {
  run_test([]() -> Task<void> {
    auto [near, far] = socket_pair();
    {
      const auto fd = co_await AsyncFd<Native>::create(near.get());
      near = Handle();
    }
    EXPECT_EQ(watched(), 0U);
    const auto next = co_await AsyncFd<Native>::create(far.get());
    static_cast<void>(co_await next.writable());
  });
}

TEST(AsyncFd, ACancelledWaitLeavesNothing) {
  run_test([]() -> Task<void> {
    auto [near, far] = socket_pair();
    const Fd fd = co_await Fd::create(std::move(near));
    TaskGroup group;
    const auto wait = [](const Fd& it) -> Task<void> { static_cast<void>(co_await it.readable()); };
    group.add(wait(fd));
    co_await turns(2);
    group.cancel();
    EXPECT_TRUE(os::send(far.get(), as_bytes("x")).has_value());
    static_cast<void>(co_await fd.readable());
    EXPECT_EQ(read_from(fd.get_ref()).value(), 1U);
  });
}

TEST(AsyncFd, AsyncIoCallsAgainWhileItWouldBlock) {
  run_test([]() -> Task<void> {
    auto [near, far] = socket_pair();
    Fd fd = co_await Fd::create(std::move(near));
    int calls = 0;
    std::size_t got = 0;
    const auto read = [](const Fd& from, int& count, std::size_t& total) -> Task<void> {
      const auto call = [&count](const Handle& handle) {
        ++count;
        return read_from(handle);
      };
      total = co_await from.async_io(Interest::readable, call);
    };
    TaskGroup group;
    group.add(read(fd, calls, got));
    fd.readiness().set(Ready::readable);  // a spurious event
    co_await turns(3);
    EXPECT_EQ(calls, 1);
    EXPECT_TRUE(os::send(far.get(), as_bytes("abc")).has_value());
    co_await group.join();
    EXPECT_EQ(calls, 2);
    EXPECT_EQ(got, 3U);

    const auto write = [](Handle& handle) { return os::send(handle.get(), as_bytes("back")); };
    EXPECT_EQ(co_await fd.async_io_mut(Interest::writable, write), 4U);
    EXPECT_EQ(read_from(far).value(), 4U);
  });
}

TEST(AsyncFd, TryIoCallsOnceAndOnlyWhenReady) {
  run_test([]() -> Task<void> {
    auto [near, far] = socket_pair();
    Fd fd = co_await Fd::create(std::move(near));
    int calls = 0;
    const auto read = [&calls](const Handle& handle) {
      ++calls;
      return read_from(handle);
    };
    EXPECT_TRUE(os::send(far.get(), as_bytes("abc")).has_value());
    EXPECT_TRUE(fd.try_io(Interest::readable, read).error().would_block());
    EXPECT_EQ(calls, 0) << "the selector has not spoken";
    static_cast<void>(co_await fd.readable());
    EXPECT_EQ(fd.try_io(Interest::readable, read).value(), 3U);
    EXPECT_TRUE(fd.try_io(Interest::readable, read).error().would_block());
    EXPECT_EQ(calls, 2);
    EXPECT_FALSE(fd.readiness().ready().is_readable());

    const auto write = [](Handle& handle) { return os::send(handle.get(), as_bytes("x")); };
    EXPECT_EQ(fd.try_io_mut(Interest::writable, write).value(), 1U);
    fill(fd.native());
    EXPECT_TRUE(fd.try_io_mut(Interest::writable, write).error().would_block());
    EXPECT_FALSE(fd.readiness().ready().is_writable());
  });
}

TEST(AsyncFd, FailsOnceTheReactorStops) {
  auto reactor = Reactor::create().value();
  auto [near, far] = socket_pair();
  const Fd fd = Fd::create(std::move(near)).value();
  Result<void> result;
  const auto wait = [](const Fd& it, Result<void>& how) -> Task<void> {
    const auto guard = co_await as_result(it.readable());
    if (!guard) how = fail(guard.error());
  };
  TaskGroup group;
  group.add(wait(fd, result));
  reactor.reset();
  EXPECT_EQ(code_of(result), Errc::reactor_stopped);
}

TEST(AsyncFdDeathTest, PromisesBrokenNameTheCaller) {
  EXPECT_DEATH(static_cast<void>(AsyncFd<Native>::create(0)), "async_fd_test.cpp");
  const auto try_two = [] {
    run_test([]() -> Task<void> {
      auto [near, far] = socket_pair();
      const Fd fd = co_await Fd::create(std::move(near));
      static_cast<void>(fd.try_io(Interest::readable | Interest::writable, read_from));
    });
  };
  EXPECT_DEATH(try_two(), "async_fd_test.cpp");
}

static_assert(HasNative<Native> && HasNative<Handle> && HasNative<Registration>);
static_assert(!HasNative<std::string>);
static_assert(!std::copyable<Fd> && std::movable<Fd>);

}  // namespace
}  // namespace fid
