// SPDX-License-Identifier: MIT
#include "endpoint/units.hpp"

#include <gtest/gtest.h>

namespace fid::endpoint {
namespace {

using namespace std::chrono_literals;

TEST(Units, DurationsTakeTheirUnitOrSeconds) {
  EXPECT_EQ(parse_duration("500ms"), 500ms);
  EXPECT_EQ(parse_duration("30s"), 30s);
  EXPECT_EQ(parse_duration("2m"), 2min);
  EXPECT_EQ(parse_duration("1h"), 1h);
  EXPECT_EQ(parse_duration("7"), 7s);
  EXPECT_EQ(parse_duration("0"), 0s);
  EXPECT_EQ(parse_duration("5S"), 5s);
}

TEST(Units, FractionsAreExact) {
  EXPECT_EQ(parse_duration("0.1"), 100ms);
  EXPECT_EQ(parse_duration("1.5h"), 90min);
  EXPECT_EQ(parse_duration("0.000000001s"), 1ns);
  EXPECT_EQ(parse_duration("0.0000000001s"), 0ns);
  EXPECT_EQ(parse_size("1.5k"), 1500U);
  EXPECT_EQ(parse_size("0.5GiB"), 536'870'912U);
  EXPECT_EQ(parse_size("1.999999999GiB"), 2'147'483'646U);
}

TEST(Units, SizesCountInThousandsOrIn1024) {
  EXPECT_EQ(parse_size("100"), 100U);
  EXPECT_EQ(parse_size("4k"), 4'000U);
  EXPECT_EQ(parse_size("4K"), 4'000U);
  EXPECT_EQ(parse_size("3M"), 3'000'000U);
  EXPECT_EQ(parse_size("2G"), 2'000'000'000U);
  EXPECT_EQ(parse_size("4KiB"), 4'096U);
  EXPECT_EQ(parse_size("1mib"), 1'048'576U);
  EXPECT_EQ(parse_size("2GiB"), 2'147'483'648U);
}

TEST(Units, WhatIsNoQuantityIsRefused) {
  for (const char* text : {"", "s", "-1s", "+1s", "1 s", "1s ", "1.s", ".5s", "1d", "1e3", "0x10",
                           "1ms1", "10000000h", "99999999999999999999"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
  for (const char* text : {"", "k", "-1", "1 k", "1kb", "1B", "1.", "1s", "9223372036854775808G"}) {
    EXPECT_EQ(parse_size(text), std::nullopt) << text;
  }
}

TEST(Units, TheLargestQuantitiesFit) {
  EXPECT_EQ(parse_duration("2562047h"), std::chrono::hours(2562047));
  EXPECT_EQ(parse_duration("2562047.9h"), std::nullopt);
  EXPECT_EQ(parse_duration("2562048h"), std::nullopt);
  EXPECT_EQ(parse_size("8G"), 8'000'000'000U);
}

}  // namespace
}  // namespace fid::endpoint
