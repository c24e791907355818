// SPDX-License-Identifier: MIT
// What os.hpp promises of every handle, whatever it refers to.
#include "platform/posix/io_pieces.hpp"
#include "platform/posix/syscall.hpp"

#include <fid/base/handle.hpp>
#include <fid/base/os.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace fid {

using platform::count_of;
using platform::done;
using platform::IoPieces;
using platform::last_error;
using platform::uninterrupted;

void close_native(Native native) noexcept {
  ::close(native);
}

namespace os {
namespace {

Result<int> status_flags(Native handle) noexcept {
  const int flags = uninterrupted([&] { return ::fcntl(handle, F_GETFL); });
  if (flags == -1) return last_error("fcntl");
  return flags;
}

}  // namespace

Result<std::size_t> read(Native handle, MutableBytes into) noexcept {
  return count_of("read", [&] { return ::read(handle, into.data(), into.size()); });
}

Result<std::size_t> readv(Native handle, ReadPieces into) noexcept {
  IoPieces pieces(into);
  return count_of("readv",
                  [&] { return ::readv(handle, pieces.data(), static_cast<int>(pieces.size())); });
}

Result<std::size_t> write(Native handle, Bytes from) noexcept {
  return count_of("write", [&] { return ::write(handle, from.data(), from.size()); });
}

Result<std::size_t> writev(Native handle, WritePieces from) noexcept {
  IoPieces pieces(from);
  return count_of("writev",
                  [&] { return ::writev(handle, pieces.data(), static_cast<int>(pieces.size())); });
}

Result<Handle> duplicate(Native handle) noexcept {
  const int copy = uninterrupted([&] { return ::fcntl(handle, F_DUPFD_CLOEXEC, 0); });
  if (copy == -1) return last_error("fcntl");
  return Handle(copy);
}

Result<HandleKind> kind_of(Native handle) noexcept {
  struct stat status {};
  if (::fstat(handle, &status) == -1) return last_error("fstat");
  switch (status.st_mode & S_IFMT) {
    case S_IFREG:
      return HandleKind::file;
    case S_IFDIR:
      return HandleKind::directory;
    case S_IFIFO:
      return HandleKind::pipe;
    case S_IFSOCK:
      return HandleKind::socket;
    case S_IFCHR:
      return ::isatty(handle) == 1 ? HandleKind::terminal : HandleKind::device;
    case S_IFBLK:
      return HandleKind::device;
    default:
      return HandleKind::other;
  }
}

Result<Access> access_of(Native handle) noexcept {
  const Result<int> flags = status_flags(handle);
  if (!flags) return fail(flags.error());
#if defined(O_PATH)
  if ((*flags & O_PATH) != 0) return Access{};
#endif
  const int mode = *flags & O_ACCMODE;
  return Access{mode == O_RDONLY || mode == O_RDWR, mode == O_WRONLY || mode == O_RDWR};
}

Result<bool> is_nonblocking(Native handle) noexcept {
  return status_flags(handle).map([](int flags) { return (flags & O_NONBLOCK) != 0; });
}

Result<void> set_nonblocking(Native handle, bool on) noexcept {
  const Result<int> flags = status_flags(handle);
  if (!flags) return fail(flags.error());
  const int wanted = on ? *flags | O_NONBLOCK : *flags & ~O_NONBLOCK;
  if (wanted == *flags) return {};
  return done("fcntl", [&] { return ::fcntl(handle, F_SETFL, wanted); });
}

Result<void> set_close_on_exec(Native handle, bool on) noexcept {
  // FD_CLOEXEC is the only descriptor flag there is.
  return done("fcntl", [&] { return ::fcntl(handle, F_SETFD, on ? FD_CLOEXEC : 0); });
}

}  // namespace os
}  // namespace fid
