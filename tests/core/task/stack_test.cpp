// SPDX-License-Identifier: MIT
#include "support/run_test.hpp"

#include <fid/io/duplex.hpp>
#include <fid/io/memory.hpp>
#include <fid/io/ops.hpp>
#include <fid/net/unix_stream.hpp>
#include <fid/reactor/sleep.hpp>
#include <fid/reactor/with_deadline.hpp>
#include <fid/task/channel.hpp>
#include <fid/task/race.hpp>
#include <fid/task/task_group.hpp>

#include <gtest/gtest.h>

#include <array>
#include <chrono>

// Awaits that complete at once do not deepen the stack, in whatever way the build treats calls in
// tail position: one byte more for each would be too much for the stack of a thread.
namespace fid {
namespace {

using namespace std::chrono_literals;
using test::run_test;

constexpr int many = 2'000'000;

Task<int> immediate() {
  co_return 1;
}

Task<void> failing() {
  co_await fail(std::errc::io_error, "read");
}

TEST(Stack, StaysAsItIsForOperations) {
  run_test([]() -> Task<void> {
    BytesReader reader(as_bytes("x"));
    std::array<std::byte, 1> byte;
    for (int i = 0; i < many; ++i) co_await reader.read(byte);
    for (int i = 0; i < many; ++i) EXPECT_EQ(co_await as_result(reader.read(byte)), 0U);
  });
}

TEST(Stack, StaysAsItIsForOperationsThatFail) {
  run_test([]() -> Task<void> {
    BytesReader reader({});
    std::array<std::byte, 1> byte;
    int failures = 0;
    for (int i = 0; i < many; ++i) {
      const auto result = co_await as_result(read_exact(reader, byte));
      if (!result) ++failures;
    }
    EXPECT_EQ(failures, many);
  });
}

TEST(Stack, StaysAsItIsForEventsAndSleeps) {
  run_test([]() -> Task<void> {
    Event event;
    event.set();
    for (int i = 0; i < many; ++i) co_await event.wait();
    for (int i = 0; i < many / 10; ++i) co_await sleep(0s);
  });
}

TEST(Stack, StaysAsItIsForChannels) {
  run_test([]() -> Task<void> {
    Channel<int> channel(1);
    int sum = 0;
    for (int i = 0; i < many / 2; ++i) {
      co_await channel.send(1);
      sum += *co_await channel.receive();
    }
    EXPECT_EQ(sum, many / 2);
  });
}

TEST(Stack, StaysAsItIsForRacesOfTasksThatEndAtOnce) {
  run_test([]() -> Task<void> {
    int failures = 0;
    for (int i = 0; i < many / 10; ++i) {
      co_await race(immediate(), immediate());
      co_await all(immediate(), immediate());
      co_await with_deadline(1h, immediate());
      const auto result = co_await as_result(all(failing(), immediate()));
      if (!result) ++failures;
    }
    EXPECT_EQ(failures, many / 10);
  });
}

TEST(Stack, StaysAsItIsForTasksThatWereWoken) {
  run_test([]() -> Task<void> {
    auto woken = []() -> Task<int> {
      co_await yield_now();
      co_return 1;
    };
    auto failing_later = []() -> Task<int> {
      co_await yield_now();
      co_return fail(std::errc::io_error, "read");
    };
    int sum = 0;
    for (int i = 0; i < many / 10; ++i) {
      sum += co_await woken();
      const auto result = co_await as_result(failing_later());
      sum -= result ? 0 : 1;
    }
    EXPECT_EQ(sum, 0);
  });
}

TEST(Stack, StaysAsItIsForMembersOfAGroupThatEndAtOnce) {
  run_test([]() -> Task<void> {
    TaskGroup group;
    auto member = []() -> Task<void> { co_await immediate(); };
    for (int i = 0; i < many / 10; ++i) {
      group.add(member());
      co_await group.join();
    }
  });
}

}  // namespace
}  // namespace fid
