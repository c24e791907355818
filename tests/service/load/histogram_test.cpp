// SPDX-License-Identifier: MIT
#include "service/load/histogram.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace fid::service::load {
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

TEST(Histogram, KnowsMeanDeviationAndLeast) {
  Histogram histogram;
  for (const int value : {2, 4, 4, 4, 5, 5, 7, 9}) histogram.record(nanoseconds(value) * 1000);
  EXPECT_EQ(histogram.mean(), nanoseconds(5000));
  EXPECT_EQ(histogram.deviation(), nanoseconds(2000));
  EXPECT_EQ(histogram.min(), nanoseconds(2000));
}

TEST(Histogram, StepsLeadFromTheLeastToTheGreatest) {
  Histogram histogram;
  for (const int value : {7, 3, 3, 100}) histogram.record(nanoseconds(value));
  const auto steps = histogram.steps();
  ASSERT_EQ(steps.size(), 3U);
  EXPECT_EQ(steps[0].count, 2U);
  EXPECT_EQ(steps[0].value, nanoseconds(3));
  EXPECT_EQ(steps[1].count, 3U);
  EXPECT_EQ(steps[2].count, 4U);
  EXPECT_EQ(steps[2].value, nanoseconds(100));
}

TEST(Histogram, IsZeroWhenNothingWasRecorded) {
  EXPECT_EQ(Histogram().quantile(0.99), nanoseconds(0));
  EXPECT_EQ(Histogram().mean(), nanoseconds(0));
  EXPECT_EQ(Histogram().deviation(), nanoseconds(0));
  EXPECT_TRUE(Histogram().steps().empty());
}

}  // namespace
}  // namespace fid::service::load
