// SPDX-License-Identifier: MIT
#include "support/allocations.hpp"
#include "support/run_test.hpp"

#include <fid/task/frame_memory.hpp>
#include <fid/task/race.hpp>
#include <fid/task/task.hpp>
#include <fid/task/task_group.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <thread>
#include <vector>

namespace fid {
namespace {

using detail::give_back_frame_memory;
using detail::take_frame_memory;
using test::allocations;
using test::deallocations;
using test::run_test;

/// In a thread of its own, and so with a pool that is empty.
template <class F>
void on_fresh_thread(F check) {
  std::thread(check).join();
}

Task<int> one() {
  co_return 1;
}

Task<void> nothing() {
  co_return;
}

TEST(FramePool, ATaskAllocatesNothingOnceOneLikeItHasEnded) {
  run_test([]() -> Task<void> {
    TaskGroup group;
    const auto use_each = [&group]() -> Task<int> {
      group.add(nothing());
      const auto first = co_await race(one(), one());
      co_return std::get<0>(first) + co_await one();
    };
    EXPECT_EQ(co_await use_each(), 2);
    const std::uint64_t before = allocations();
    EXPECT_EQ(co_await use_each(), 2);
    EXPECT_EQ(allocations(), before);
  });
}

TEST(FramePool, ABlockServesEverySizeOfItsClassInFull) {
  on_fresh_thread([] {
    for (std::size_t size = 1; size <= 2048; ++size) {
      void* const block = take_frame_memory(size);
      std::memset(block, 0xa5, size);
      give_back_frame_memory(block, size);
      const std::uint64_t before = allocations();
      const std::size_t largest_alike = (size + 63) / 64 * 64;
      void* const again = take_frame_memory(largest_alike);
      EXPECT_EQ(allocations() - before, size > 1024 ? 1U : 0U) << size;
      std::memset(again, 0x5a, largest_alike);
      give_back_frame_memory(again, largest_alike);
    }
  });
}

TEST(FramePool, BlocksThatAreInUseAtOnceAreDistinct) {
  on_fresh_thread([] {
    std::vector<unsigned char*> blocks;
    for (int round = 0; round < 2; ++round) {
      for (unsigned i = 0; i < 200; ++i) {
        blocks.push_back(static_cast<unsigned char*>(take_frame_memory(100)));
        std::memset(blocks.back(), static_cast<int>(i), 100);
      }
      for (unsigned i = 0; i < 200; ++i) EXPECT_EQ(blocks[i][99], i);
      for (unsigned char* block : blocks) give_back_frame_memory(block, 100);
      blocks.clear();
    }
  });
}

TEST(FramePool, KeepsNoMoreThanSoMuch) {
  on_fresh_thread([] {
    constexpr std::size_t size = 1024;
    constexpr std::size_t many = 1000;
    std::vector<void*> blocks;
    for (std::size_t i = 0; i < many; ++i) blocks.push_back(take_frame_memory(size));
    for (void*& block : blocks) give_back_frame_memory(block, size);
    const std::uint64_t before = allocations();
    for (void*& block : blocks) block = take_frame_memory(size);
    EXPECT_EQ(allocations() - before, many - 256);
    for (void* block : blocks) give_back_frame_memory(block, size);
  });
}

TEST(FramePool, TakesBlocksBackOnAnotherThread) {
  void* block = nullptr;
  on_fresh_thread([&] { block = take_frame_memory(200); });
  on_fresh_thread([&] {
    give_back_frame_memory(block, 200);
    EXPECT_EQ(take_frame_memory(200), block);
    give_back_frame_memory(block, 200);
  });
}

/// Gives a block back when its thread ends.
struct Late {
  void* block = nullptr;
  std::uint64_t* freed = nullptr;
  ~Late() {
    const std::uint64_t before = deallocations();
    give_back_frame_memory(block, 200);
    *freed = deallocations() - before;
  }
};

TEST(FramePool, FreesWhatComesBackWhileItsThreadEnds) {
  std::uint64_t freed = 0;
  on_fresh_thread([&] {
    // Made before the pool is used, and so destroyed after it.
    thread_local Late late;
    late.block = take_frame_memory(200);
    late.freed = &freed;
    give_back_frame_memory(take_frame_memory(300), 300);
  });
  EXPECT_EQ(freed, 1U);
}

/// How much a thread frees at its end after so many blocks were given back on it.
std::uint64_t freed_at_the_end_of_one_that_keeps(int blocks_kept) {
  std::uint64_t freed = 0;
  struct Last {
    std::uint64_t* freed = nullptr;
    std::uint64_t before = 0;
    ~Last() { *freed = deallocations() - before; }
  };
  on_fresh_thread([&] {
    // Made before the pool is used, and so destroyed after it.
    thread_local Last last;
    last.freed = &freed;
    std::vector<void*> blocks;
    for (int i = 0; i < blocks_kept; ++i) blocks.push_back(take_frame_memory(200));
    for (void* block : blocks) give_back_frame_memory(block, 200);
    std::vector<void*>().swap(blocks);
    last.before = deallocations();
  });
  return freed;
}

TEST(FramePool, FreesWhatItKeepsWhenItsThreadEnds) {
  EXPECT_EQ(freed_at_the_end_of_one_that_keeps(10), freed_at_the_end_of_one_that_keeps(0) + 10);
}

}  // namespace
}  // namespace fid
