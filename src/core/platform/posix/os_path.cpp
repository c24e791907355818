// SPDX-License-Identifier: MIT
#include "platform/posix/syscall.hpp"

#include <fid/base/error.hpp>
#include <fid/base/os_path.hpp>

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <vector>

namespace fid::os {
namespace {

Result<void> checked(int answer, std::string_view call) noexcept {
  if (answer != 0) return fail(system_error(errno, call));
  return {};
}

template <class Id>
std::optional<Id> as_number(const std::string& name) {
  Id id = 0;
  const char* const end = name.data() + name.size();
  const auto [rest, error] = std::from_chars(name.data(), end, id);
  if (error != std::errc() || rest != end) return std::nullopt;
  return id;
}

/// Looks a name up with one of the reentrant calls, which say themselves how much room they need.
template <class Entry, class Call>
Result<Entry> look_up(Call call, const std::string& name, std::vector<char>& room,
                      std::string_view operation) {
  for (;;) {
    Entry entry;
    Entry* found = nullptr;
    const int error = call(name.c_str(), &entry, room.data(), room.size(), &found);
    if (error == ERANGE) {
      room.resize(room.size() * 2);
      continue;
    }
    if (error == EINTR) continue;
    if (error != 0) return fail(system_error(error, operation));
    if (found == nullptr) return fail(std::errc::invalid_argument, operation);
    return entry;
  }
}

FileStatus file_status(const struct stat& status) noexcept {
  return {{status.st_dev, status.st_ino}, S_ISSOCK(status.st_mode), S_ISFIFO(status.st_mode)};
}

}  // namespace

Result<FileStatus> status_of(const std::string& path) noexcept {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return fail(system_error(errno, "lstat"));
  return file_status(status);
}

Result<FileStatus> status_of_target(const std::string& path) noexcept {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return fail(system_error(errno, "stat"));
  return file_status(status);
}

Result<std::uint64_t> file_size(const std::string& path) noexcept {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return fail(system_error(errno, "stat"));
  if (!S_ISREG(status.st_mode)) return fail(std::errc::invalid_seek, "stat");
  return static_cast<std::uint64_t>(status.st_size);
}

Result<void> unlink(const std::string& path) noexcept {
  return checked(::unlink(path.c_str()), "unlink");
}

Result<void> rename(const std::string& from, const std::string& to) noexcept {
  return checked(std::rename(from.c_str(), to.c_str()), "rename");
}

Result<void> change_owner(const std::string& path, std::optional<UserId> user,
                          std::optional<GroupId> group) noexcept {
  // -1 leaves an id as it is.
  return checked(::lchown(path.c_str(), user.value_or(static_cast<UserId>(-1)),
                          group.value_or(static_cast<GroupId>(-1))),
                 "chown");
}

Result<UserId> find_user(const std::string& name) {
  if (const auto id = as_number<UserId>(name)) return *id;
  std::vector<char> room(1024);
  const auto entry = look_up<passwd>(::getpwnam_r, name, room, "getpwnam");
  if (!entry) return fail(entry.error());
  return entry->pw_uid;
}

Result<GroupId> find_group(const std::string& name) {
  if (const auto id = as_number<GroupId>(name)) return *id;
  std::vector<char> room(1024);
  const auto entry = look_up<group>(::getgrnam_r, name, room, "getgrnam");
  if (!entry) return fail(entry.error());
  return entry->gr_gid;
}

Result<Handle> lock_directory_of(const std::string& path) noexcept {
  const std::size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "."
                                : slash == 0               ? "/"
                                                           : path.substr(0, slash);
  constexpr int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
  Handle handle(platform::uninterrupted([&] { return ::open(directory.c_str(), flags); }));
  if (!handle) return fail(system_error(errno, "open"));
  const auto locked =
      platform::done("flock", [&] { return ::flock(handle.get(), LOCK_EX | LOCK_NB); });
  if (!locked) return fail(locked.error());
  return handle;
}

ExactMode::ExactMode(FileMode mode) noexcept : before_(::umask(~mode & 0777)) {}

ExactMode::~ExactMode() {
  ::umask(before_);
}

}  // namespace fid::os
