// SPDX-License-Identifier: MIT
#include "endpoint/suggest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string_view>

namespace fid::endpoint {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using namespace std::string_view_literals;

constexpr std::array known = {"nodelay"sv, "keepalive"sv, "reuseport"sv, "sndbuf"sv, "rcvbuf"sv,
                              "mode"sv,    "user"sv,      "group"sv,     "unix"sv,   "tcp"sv};

TEST(Suggest, CountsEachSlipOfTheFingerOnce) {
  EXPECT_EQ(slips_between("tcp", "tcp"), 0u);
  EXPECT_EQ(slips_between("TCP", "tcp"), 0u);
  EXPECT_EQ(slips_between("tpc", "tcp"), 1u);
  EXPECT_EQ(slips_between("tp", "tcp"), 1u);
  EXPECT_EQ(slips_between("tccp", "tcp"), 1u);
  EXPECT_EQ(slips_between("tkp", "tcp"), 1u);
  EXPECT_EQ(slips_between("", "tcp"), 3u);
  EXPECT_EQ(slips_between("nodealy", "nodelay"), 1u);
}

TEST(Suggest, NearestComesFirst) {
  EXPECT_THAT(nearest_words("nodealy", known), ElementsAre("nodelay"));
  EXPECT_THAT(nearest_words("snbuf", known), ElementsAre("sndbuf"));
  EXPECT_THAT(nearest_words("mdoe", known), ElementsAre("mode"));
  EXPECT_THAT(nearest_words("UNXI", known), ElementsAre("unix"));
}

TEST(Suggest, ABeginningIsEnoughWhenNothingIsNear) {
  EXPECT_THAT(nearest_words("keep", known), ElementsAre("keepalive"));
}

TEST(Suggest, NothingIsBetterThanAWildGuess) {
  EXPECT_THAT(nearest_words("zebra", known), IsEmpty());
  EXPECT_THAT(nearest_words("", known), IsEmpty());
  EXPECT_THAT(nearest_words("x", known), IsEmpty());
}

TEST(Suggest, ReadsAsAQuestion) {
  EXPECT_EQ(did_you_mean({}), "");
  EXPECT_EQ(did_you_mean(std::vector<std::string>{"a"}), "did you mean \"a\"?");
  EXPECT_EQ(did_you_mean(std::vector<std::string>{"a", "b", "c"}),
            "did you mean \"a\", \"b\" or \"c\"?");
}

}  // namespace
}  // namespace fid::endpoint
