// SPDX-License-Identifier: MIT
#include "service/joint.hpp"
#include "service/live_relays.hpp"
#include "service/relay.hpp"

#include <gtest/gtest.h>

#include <cstddef>

// What each joined connection holds while nothing passes, in bytes, beside its two streams. More is
// a decision, to be made here.
namespace fid::service {
namespace {

TEST(RelaySizes, OfWhatAnIdleConnectionHolds) {
  EXPECT_LE(sizeof(Joint), std::size_t{472});
  EXPECT_LE(sizeof(Relay), std::size_t{368});
  EXPECT_LE(sizeof(LiveRelays::Member), std::size_t{40});
}

}  // namespace
}  // namespace fid::service
