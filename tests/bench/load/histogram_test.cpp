// SPDX-License-Identifier: MIT
#include "load/histogram.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace load {
namespace {

using std::chrono::nanoseconds;

TEST(Histogram, QuantilesAreWithinOnePercentOverItsWholeRange) {
  for (std::int64_t value = 1; value < std::numeric_limits<std::int64_t>::max() / 3; value *= 3) {
    Histogram histogram;
    histogram.record(nanoseconds(value));
    histogram.record(nanoseconds(std::numeric_limits<std::int64_t>::max()));
    const std::int64_t found = histogram.quantile(0.5).count();
    EXPECT_GE(found, value);
    EXPECT_LE(static_cast<double>(found), static_cast<double>(value) * 1.01);
  }
}

TEST(Histogram, QuantilesFollowTheOrderOfValuesAndNotOfRecording) {
  Histogram histogram;
  for (int value = 1000; value > 0; --value) histogram.record(nanoseconds(value));
  EXPECT_EQ(histogram.count(), 1000U);
  EXPECT_EQ(histogram.quantile(0.001), nanoseconds(1));
  EXPECT_NEAR(static_cast<double>(histogram.quantile(0.5).count()), 500, 5);
  EXPECT_NEAR(static_cast<double>(histogram.quantile(0.99).count()), 990, 10);
  EXPECT_EQ(histogram.quantile(1), nanoseconds(1000));
  EXPECT_EQ(histogram.max(), nanoseconds(1000));
}

TEST(Histogram, IsZeroWhenNothingWasRecorded) {
  EXPECT_EQ(Histogram().quantile(0.99), nanoseconds(0));
}

}  // namespace
}  // namespace load
