// SPDX-License-Identifier: MIT
#include <fid/reactor/interest.hpp>

#include <gtest/gtest.h>

#include <set>

namespace fid {
namespace {

TEST(Interest, HasTheMembersItWasGiven) {
  EXPECT_TRUE(Interest::readable.is_readable());
  EXPECT_FALSE(Interest::readable.is_writable());
  EXPECT_TRUE(Interest::writable.is_writable());
  EXPECT_FALSE(Interest::writable.is_priority());
  EXPECT_TRUE(Interest::priority.is_priority());
  EXPECT_FALSE(Interest::priority.is_error());
  EXPECT_TRUE(Interest::error.is_error());
  EXPECT_FALSE(Interest::error.is_readable());
}

TEST(Interest, AddsUpAtCompileTimeToo) {
  constexpr Interest both = Interest::readable.add(Interest::writable);
  static_assert(both == (Interest::writable | Interest::readable));
  static_assert(!both.is_single() && Interest::error.is_single());
  Interest all = both;
  all |= Interest::priority;
  all |= Interest::error;
  EXPECT_TRUE(all.is_readable() && all.is_writable() && all.is_priority() && all.is_error());
  EXPECT_NE(all, both);
}

TEST(Interest, RemovesWhatItHasAndIsNeverEmpty) {
  const Interest both = Interest::readable | Interest::writable;
  EXPECT_EQ(both.remove(Interest::readable), Interest::writable);
  EXPECT_EQ(both.remove(Interest::priority), both) << "absent members are ignored";
  EXPECT_EQ(both.remove(both | Interest::error), std::nullopt);
}

TEST(Interest, IsSatisfiedByClosedStatesToo) {
  EXPECT_EQ(Interest::readable.mask(), Ready::readable | Ready::read_closed);
  EXPECT_EQ(Interest::writable.mask(), Ready::writable | Ready::write_closed);
  EXPECT_EQ(Interest::priority.mask(), Ready::priority | Ready::read_closed);
  EXPECT_EQ(Interest::error.mask(), Ready::error);
}

TEST(Interest, IsPrintedByTheNamesOfItsMembers) {
  EXPECT_EQ(Interest::priority.to_string(), "priority");
  EXPECT_EQ((Interest::error | Interest::writable | Interest::readable).to_string(),
            "readable|writable|error");
}

TEST(Ready, KnowsItsStates) {
  EXPECT_TRUE(Ready::empty.is_empty());
  EXPECT_EQ(Ready(), Ready::empty);
  EXPECT_TRUE(Ready::readable.is_readable());
  EXPECT_FALSE(Ready::readable.is_read_closed());
  EXPECT_TRUE(Ready::writable.is_writable());
  EXPECT_FALSE(Ready::writable.is_write_closed());
  EXPECT_TRUE(Ready::priority.is_priority());
  EXPECT_FALSE(Ready::priority.is_readable());
  EXPECT_TRUE(Ready::error.is_error());
  EXPECT_FALSE(Ready::error.is_writable());
}

TEST(Ready, ClosedCountsAsReadyInItsDirection) {
  EXPECT_TRUE(Ready::read_closed.is_readable());
  EXPECT_TRUE(Ready::read_closed.is_read_closed());
  EXPECT_FALSE(Ready::read_closed.is_writable());
  EXPECT_TRUE(Ready::write_closed.is_writable());
  EXPECT_TRUE(Ready::write_closed.is_write_closed());
  EXPECT_FALSE(Ready::write_closed.is_readable());
}

TEST(Ready, IsASet) {
  constexpr Ready both = Ready::readable | Ready::error;
  static_assert((both & Ready::error) == Ready::error);
  static_assert(both - Ready::error == Ready::readable);
  static_assert((both - both).is_empty());
  Ready some = both;
  some |= Ready::writable;
  some &= Ready::all - Ready::error;
  some -= Ready::readable;
  EXPECT_EQ(some, Ready::writable);
  EXPECT_EQ(Ready::all, Ready::readable | Ready::writable | Ready::read_closed |
                            Ready::write_closed | Ready::priority | Ready::error);
  EXPECT_EQ((std::set<Ready>{Ready::error, Ready::readable, Ready::error}.size()), 2U);
}

TEST(Ready, IsPrintedByTheNamesOfItsStates) {
  EXPECT_EQ(Ready().to_string(), "empty");
  EXPECT_EQ((Ready::write_closed | Ready::readable).to_string(), "readable|write_closed");
  EXPECT_EQ(Ready::all.to_string(), "readable|writable|read_closed|write_closed|priority|error");
}

}  // namespace
}  // namespace fid
