// SPDX-License-Identifier: MIT
#include "service/load/arithmetic.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

namespace fid::service::load {
namespace {

TEST(LoadArithmetic, RoundsToTheNearest) {
  EXPECT_EQ(rounded(0), 0u);
  EXPECT_EQ(rounded(0.4), 0u);
  EXPECT_EQ(rounded(0.5), 1u);
  EXPECT_EQ(rounded(1e15 + 0.5), 1'000'000'000'000'001u);
}

TEST(LoadArithmetic, HasTheLogarithmsOfTheMathematicalLibrary) {
  for (double value = 1e-9; value < 1e30; value *= 1.0137) {
    EXPECT_NEAR(decimal_logarithm(value), std::log10(value), 1e-13) << value;
  }
  for (const double value : {std::numeric_limits<double>::min(), std::numbers::sqrt2, 1 - 1e-9,
                             1 + 1e-9, std::numeric_limits<double>::max()}) {
    EXPECT_DOUBLE_EQ(decimal_logarithm(value), std::log10(value)) << value;
  }
}

TEST(LoadArithmetic, HasWholeLogarithmsOfPowersOfTwoAndOne) {
  EXPECT_EQ(decimal_logarithm(1), 0);
  EXPECT_DOUBLE_EQ(decimal_logarithm(1024), 10 * decimal_logarithm(2));
}

}  // namespace
}  // namespace fid::service::load
