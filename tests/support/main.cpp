// SPDX-License-Identifier: MIT
#include "support/descriptor_leaks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

/// Runs the tests, each of which must leave the process's descriptors as they were.
int main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  testing::UnitTest::GetInstance()->listeners().Append(new fid::test::DescriptorLeaks);
  return RUN_ALL_TESTS();
}
