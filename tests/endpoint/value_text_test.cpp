// SPDX-License-Identifier: MIT
#include "endpoint/value_text.hpp"

#include "endpoint/units.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <optional>

namespace fid::endpoint {
namespace {

using namespace std::chrono_literals;
using std::nullopt;

TEST(ValueText, ModesAreOctal) {
  EXPECT_EQ(parse_mode("660"), 0660u);
  EXPECT_EQ(parse_mode("0660"), 0660u);
  EXPECT_EQ(parse_mode("0o4755"), 04755u);
  for (const char* text : {"", "8", "rw", "17777", "-1", "0o", "0o-1"}) {
    EXPECT_EQ(parse_mode(text), nullopt) << text;
  }
}

TEST(ValueText, SwitchesHaveManyWords) {
  for (const char* text : {"yes", "on", "TRUE", "1"}) EXPECT_EQ(parse_switch(text), true) << text;
  for (const char* text : {"no", "Off", "false", "0"}) EXPECT_EQ(parse_switch(text), false) << text;
  for (const char* text : {"", "2", "y"}) EXPECT_EQ(parse_switch(text), nullopt) << text;
}

TEST(ValueText, WhatIsFormattedIsReadBack) {
  for (const std::uint64_t bytes :
       {0ULL, 1ULL, 999ULL, 1000ULL, 1024ULL, 65536ULL, 65537ULL, 1ULL << 40, 3'000'000ULL}) {
    EXPECT_EQ(parse_size(format_size(bytes)), bytes) << format_size(bytes);
  }
  for (const Duration time : {Duration(0ms), Duration(1ns), Duration(1001us), Duration(999ms),
                              Duration(1500ms), Duration(90s), Duration(2min), Duration(2h)}) {
    EXPECT_EQ(parse_duration(format_duration(time)), time) << format_duration(time);
  }
  for (const unsigned mode : {0u, 7u, 0660u, 04755u}) {
    EXPECT_EQ(parse_mode(format_mode(mode)), mode);
  }
}

TEST(ValueText, FormattingIsShort) {
  EXPECT_EQ(format_size(65536), "64KiB");
  EXPECT_EQ(format_size(65000), "65k");
  EXPECT_EQ(format_size(65537), "65537");
  EXPECT_EQ(format_duration(90s), "90s");
  EXPECT_EQ(format_duration(2h), "2h");
  EXPECT_EQ(format_duration(1500us), "1.5ms");
  EXPECT_EQ(format_mode(0660), "0660");
  EXPECT_EQ(format_mode(7), "0007");
}

}  // namespace
}  // namespace fid::endpoint
