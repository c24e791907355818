// SPDX-License-Identifier: MIT
#include "support/descriptor_leaks.hpp"

#include <fid/base/os.hpp>

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <optional>
#include <utility>

// What guards every test must itself notice what it is for.
namespace fid::test {
namespace {

TEST(OpenDescriptors, NoticeOneThatIsLeftOpen) {
  const OpenDescriptors before;
  const Handle left(::dup(STDERR_FILENO));
  EXPECT_NONFATAL_FAILURE(before.expect_unchanged(), "left open: ");
}

TEST(OpenDescriptors, NoticeOneThatIsClosed) {
  std::optional<Handle> held(::dup(STDERR_FILENO));
  const OpenDescriptors before;
  held.reset();
  EXPECT_NONFATAL_FAILURE(before.expect_unchanged(), "closed: ");
}

TEST(OpenDescriptors, NoticeOneThatStandsForSomethingElse) {
  const auto [reader, writer] = os::pipe().value();
  const Handle held(::dup(STDERR_FILENO));
  const OpenDescriptors before;
  ASSERT_EQ(::dup2(reader.get(), held.get()), held.get());
  EXPECT_NONFATAL_FAILURE(before.expect_unchanged(), "has become pipe:");
}

}  // namespace
}  // namespace fid::test
