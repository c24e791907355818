// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/handle.hpp>
#include <fid/base/result.hpp>

#include <cstdint>
#include <optional>
#include <string>

/// The system calls we use on names in the file system; see os.hpp for what holds for all.
namespace fid::os {

/// Which file a path leads to, whatever it is called.
struct FileId {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  friend bool operator==(const FileId&, const FileId&) = default;
};

struct FileStatus {
  FileId id;
  bool is_socket = false;
  bool is_fifo = false;
};

/// Of the file itself, not of what a symbolic link leads to. lstat(2)
Result<FileStatus> status_of(const std::string& path) noexcept;
/// The same of what a symbolic link leads to. stat(2)
Result<FileStatus> status_of_target(const std::string& path) noexcept;
/// The size of an ordinary file, or of the one that a symbolic link leads to; fails for everything
/// else. Opens nothing.  stat(2)
Result<std::uint64_t> file_size(const std::string& path) noexcept;
Result<void> unlink(const std::string& path) noexcept;                         // unlink(2)
Result<void> rename(const std::string& from, const std::string& to) noexcept;  // rename(2)
/// Leaves what is not given as it is; does not follow a symbolic link. lchown(2)
Result<void> change_owner(const std::string& path, std::optional<UserId> user,
                          std::optional<GroupId> group) noexcept;
/// A name, or a number. getpwnam(3), getgrnam(3)
Result<UserId> find_user(const std::string& name);
Result<GroupId> find_group(const std::string& name);

/// Holds a lock on the directory of `path` until the handle is closed, so that of several
/// processes one at a time decides what to do with a name in it. Fails with would-block while
/// another holds it. flock(2)
Result<Handle> lock_directory_of(const std::string& path) noexcept;

/// Files made while it lives get exactly `mode`. umask(2); of the whole process.
class ExactMode {
 public:
  explicit ExactMode(FileMode mode) noexcept;
  ExactMode(const ExactMode&) = delete;
  ExactMode& operator=(const ExactMode&) = delete;
  ~ExactMode();

 private:
  FileMode before_;
};

}  // namespace fid::os
