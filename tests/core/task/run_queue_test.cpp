// SPDX-License-Identifier: MIT
#include <fid/reactor/reactor.hpp>
#include <fid/task/run_queue.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <vector>

namespace fid {
namespace {

class Note final : public Runnable {
 public:
  explicit Note(std::function<void()> action) : action_(std::move(action)) {}
  void run() override { action_(); }

 private:
  std::function<void()> action_;
};

TEST(RunQueue, AnItemDestroyedByAnEarlierOneOfItsTurnDoesNotRun) {
  auto reactor = Reactor::create().value();
  int ran = 0;
  auto victim = std::make_unique<Note>([&] { ran += 10; });
  Note first([&] {
    ++ran;
    victim.reset();
  });
  Note last([&] { ++ran; });
  for (Note* note : {&first, victim.get(), &last}) schedule(*note);
  EXPECT_TRUE(reactor->turn().has_value());
  EXPECT_EQ(ran, 2);
}

TEST(RunQueue, WhatIsScheduledByAnItemRunsInTheNextTurn) {
  auto reactor = Reactor::create().value();
  int ran = 0;
  Note again([&] {
    ++ran;
    schedule(again);
  });
  schedule(again);
  EXPECT_TRUE(reactor->turn().has_value());
  EXPECT_EQ(ran, 1);
  EXPECT_TRUE(reactor->turn().has_value());
  EXPECT_EQ(ran, 2);
  again.unlink();
}

TEST(RunQueue, SchedulingTwiceRunsOnce) {
  auto reactor = Reactor::create().value();
  int ran = 0;
  Note note([&] { ++ran; });
  schedule(note);
  schedule(note);
  EXPECT_TRUE(reactor->turn().has_value());
  EXPECT_EQ(ran, 1);
}

}  // namespace
}  // namespace fid
