// SPDX-License-Identifier: MIT
#include "service/amounts.hpp"

#include <gtest/gtest.h>

namespace fid::service {
namespace {

using namespace std::chrono_literals;

TEST(Amounts, SizesAreInPowersOf1024) {
  EXPECT_EQ(size_text(812), "812 B");
  EXPECT_EQ(size_text(1536), "1.5 KiB");
  EXPECT_EQ(size_text(5.0 * 1024 * 1024 * 1024), "5.0 GiB");
}

TEST(Amounts, CountsAreGroupedByThousands) {
  EXPECT_EQ(count_text(0), "0");
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(1000), "1 000");
  EXPECT_EQ(count_text(1234567), "1 234 567");
}

TEST(Amounts, TimesHaveThreeDigitsWithoutTheirRoundingAddingAFourth) {
  EXPECT_EQ(time_text(0ns), "0 ns");
  EXPECT_EQ(time_text(850ns), "850 ns");
  EXPECT_EQ(time_text(21400ns), "21.4 us");
  EXPECT_EQ(time_text(9996us), "10.0 ms");
  EXPECT_EQ(time_text(99960us), "100 ms");
  EXPECT_EQ(time_text(999600us), "1.00 s");
  EXPECT_EQ(time_text(75s), "75.0 s");
}

}  // namespace
}  // namespace fid::service
