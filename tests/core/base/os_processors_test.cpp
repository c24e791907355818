// SPDX-License-Identifier: MIT
#include <fid/base/os_processors.hpp>

#include <gtest/gtest.h>

#include <sched.h>

#include <thread>

namespace fid::os {
namespace {

TEST(UsableProcessors, AreThoseThatTheSchedulerMayChoose) {
  cpu_set_t all;
  ASSERT_EQ(::sched_getaffinity(0, sizeof all, &all), 0);
  EXPECT_EQ(usable_processors(), static_cast<std::size_t>(CPU_COUNT(&all)));
}

TEST(UsableProcessors, AreNoMoreThanTheProcessIsConfinedTo) {
  std::size_t usable = 0;
  std::thread confined([&usable] {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(::sched_getcpu(), &one);
    ASSERT_EQ(::sched_setaffinity(0, sizeof one, &one), 0);
    usable = usable_processors();
  });
  confined.join();
  EXPECT_EQ(usable, 1U);
}

}  // namespace
}  // namespace fid::os
