// SPDX-License-Identifier: MIT
#include "support/temp_dir.hpp"

#include <fid/base/os.hpp>
#include <fid/base/os_path.hpp>

#include <gtest/gtest.h>

#include <fcntl.h>

#include <filesystem>

namespace fid::os {
namespace {

TEST(OsPath, AFileIsKnownByItsInodeNotItsName) {
  const test::TempDir dir;
  ASSERT_TRUE(make_fifo(dir / "a", 0600));
  const FileStatus before = status_of(dir / "a").value();
  EXPECT_TRUE(before.is_fifo);
  EXPECT_FALSE(before.is_socket);
  ASSERT_TRUE(rename(dir / "a", dir / "b"));
  EXPECT_EQ(status_of(dir / "b").value().id, before.id);
  EXPECT_EQ(status_of(dir / "a").error().code, std::errc::no_such_file_or_directory);
}

TEST(OsPath, OneAtATimeHoldsADirectorysLock) {
  const test::TempDir dir;
  {
    const auto first = lock_directory_of(dir / "x");
    ASSERT_TRUE(first);
    EXPECT_EQ(::fcntl(first->get(), F_GETFD), FD_CLOEXEC);
    EXPECT_TRUE(lock_directory_of(dir / "y").error().would_block());
  }
  EXPECT_TRUE(lock_directory_of(dir / "y"));
}

TEST(OsPath, ExactModeIsThatOfTheFileMade) {
  const test::TempDir dir;
  {
    const ExactMode exact(0622);
    ASSERT_TRUE(make_fifo(dir / "f", 0777));
  }
  const auto permissions = std::filesystem::status(dir / "f").permissions();
  EXPECT_EQ(static_cast<unsigned>(permissions), 0622U);
}

TEST(OsPath, UsersAndGroupsAreNamesOrNumbers) {
  EXPECT_EQ(find_user("root").value(), 0U);
  EXPECT_EQ(find_user("1234").value(), 1234U);
  EXPECT_EQ(find_group("root").value(), 0U);
  EXPECT_EQ(find_user("no such user").error().code, std::errc::invalid_argument);
}

}  // namespace
}  // namespace fid::os
