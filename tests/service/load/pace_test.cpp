// SPDX-License-Identifier: MIT
#include "service/load/pace.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace fid::service::load {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint start{1h};

TEST(Pace, WithoutARateNothingWaitsAndEachCountsFromItsBeginning) {
  Pace pace;
  EXPECT_EQ(pace.wait_until(start), std::nullopt);
  EXPECT_EQ(pace.begin(start), start);
  EXPECT_EQ(pace.overdue(start + 1h), std::nullopt);
}

TEST(Pace, WaitsUntilTheNextIsDue) {
  Pace pace(10ms, start);
  EXPECT_EQ(pace.wait_until(start), std::nullopt);
  EXPECT_EQ(pace.begin(start), start);
  EXPECT_EQ(pace.wait_until(start + 3ms), start + 10ms);
}

TEST(Pace, WhatHadToWaitForThePeerCountsFromWhenItWasDue) {
  Pace pace(10ms, start);
  pace.begin(start);
  const TimePoint answered = start + 35ms;
  for (const auto due : {10ms, 20ms, 30ms}) {
    EXPECT_EQ(pace.wait_until(answered), std::nullopt);
    EXPECT_EQ(pace.begin(answered), start + due);
  }
  EXPECT_EQ(pace.wait_until(answered), start + 40ms);
}

TEST(Pace, ThatTheTimerWasLateDoesNotCount) {
  Pace pace(10ms, start);
  pace.begin(start);
  EXPECT_EQ(pace.wait_until(start + 1ms), start + 10ms);
  pace.woke(start + 25ms);
  EXPECT_EQ(pace.begin(start + 25ms), start + 25ms);
  // Nor for the next one, which was due meanwhile; the answer to the first one does.
  EXPECT_EQ(pace.begin(start + 26ms), start + 25ms);
  EXPECT_EQ(pace.begin(start + 31ms), start + 30ms);
}

TEST(Pace, TellsWhatWasDueAndDidNotBegin) {
  Pace pace(10ms, start);
  pace.begin(start);
  EXPECT_EQ(pace.overdue(start + 25ms), start + 10ms);
  EXPECT_EQ(pace.overdue(start + 25ms), start + 20ms);
  EXPECT_EQ(pace.overdue(start + 25ms), std::nullopt);
}

}  // namespace
}  // namespace fid::service::load
