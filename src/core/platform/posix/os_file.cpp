// SPDX-License-Identifier: MIT
// Files, FIFOs and pipes.
#include "platform/posix/syscall.hpp"

#include <fid/base/os.hpp>

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace fid::os {

using platform::done;
using platform::holds_nul;
using platform::last_error;
using platform::uninterrupted;

namespace {

int open_flags(const OpenOptions& options) noexcept {
  const bool write = options.write || options.append;
  // A terminal that we open must not become ours to be hung up by.
  int flags = O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  flags |= options.read ? (write ? O_RDWR : O_RDONLY) : O_WRONLY;
  if (options.append) flags |= O_APPEND;
  if (options.create) flags |= O_CREAT;
  if (options.exclusive) flags |= O_CREAT | O_EXCL;
  if (options.truncate) flags |= O_TRUNC;
  return flags;
}

}  // namespace

Result<Handle> open(const std::string& path, const OpenOptions& options) noexcept {
  const bool neither = !options.read && !options.write && !options.append;
  if (neither || holds_nul(path)) return fail(std::errc::invalid_argument, "open");
  const int handle =
      uninterrupted([&] { return ::open(path.c_str(), open_flags(options), options.mode); });
  if (handle == -1) return last_error("open");
  return Handle(handle);
}

Result<std::pair<Handle, Handle>> pipe() noexcept {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) == -1) return last_error("pipe");
  return std::pair(Handle(ends[0]), Handle(ends[1]));
}

Result<PipeState> state_of_pipe(Native writer) noexcept {
  int unread = 0;
  if (::ioctl(writer, FIONREAD, &unread) == -1) return last_error("ioctl");
  pollfd watched{writer, POLLOUT, 0};
  if (uninterrupted([&] { return ::poll(&watched, 1, 0); }) == -1) return last_error("poll");
  return PipeState{static_cast<std::size_t>(unread), (watched.revents & POLLERR) == 0};
}

Result<void> make_fifo(const std::string& path, FileMode mode) noexcept {
  if (holds_nul(path)) return fail(std::errc::invalid_argument, "mkfifo");
  return done("mkfifo", [&] { return ::mkfifo(path.c_str(), mode); });
}

Result<std::uint64_t> seek(Native handle, std::int64_t offset, bool from_end) noexcept {
  const off_t where = ::lseek(handle, offset, from_end ? SEEK_END : SEEK_SET);
  if (where == -1) return last_error("lseek");
  return static_cast<std::uint64_t>(where);
}

Result<std::uint64_t> position(Native handle) noexcept {
  const off_t at = ::lseek(handle, 0, SEEK_CUR);
  if (at == -1) return last_error("lseek");
  return static_cast<std::uint64_t>(at);
}

Result<std::uint64_t> file_size(Native handle) noexcept {
  struct stat status {};
  if (::fstat(handle, &status) == -1) return last_error("fstat");
  // The size that others report says nothing about what can be read from them.
  if (!S_ISREG(status.st_mode)) return fail(std::errc::invalid_seek, "fstat");
  return static_cast<std::uint64_t>(status.st_size);
}

}  // namespace fid::os
