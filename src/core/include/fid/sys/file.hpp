// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/handle.hpp>
#include <fid/base/os.hpp>
#include <fid/io/read_write.hpp>
#include <fid/task/task.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace fid {

namespace detail {
class FileReader;
class FileWriter;
}  // namespace detail

/// How to open a file, and where in it to start.
struct FileOptions {
  os::OpenOptions open;
  std::optional<std::int64_t> seek = std::nullopt;  ///< bytes from the start, or from the end
  bool from_end = false;
};

/// What no selector can watch, because the system calls it always ready and lets it block:
/// ordinary files, block devices, /dev/null. A stream all the same, which never blocks its
/// reactor: what the kernel has in memory is read at once, the rest by a worker thread; writing is
/// done by a worker, behind a buffer.  preadv2(2), RWF_NOWAIT
///
/// Shape: movable; belongs to the reactor of the thread that made it. Reading and writing share
/// one offset, as the system has it. Uses up to 256 KiB of memory each way, and only while it is
/// used.
/// Writing: what write() has taken is in the buffer, not yet in the file. A failure, such as a full
/// disk, is reported by the next write and every later one, and by flush() and shutdown(), which
/// wait until everything is written: await one of them before letting go, since destroying drops
/// what is not under way.
/// Reading: gives 0 at the end, and more once the file has grown.
/// Cancellation: a cancelled read has taken nothing; what its worker reads is for the next one.
class File : public Reads<File>, public Writes<File> {
 public:
  /// Opens a file, on a worker. Fails as open(2) does.
  static Task<File> open(std::string path, FileOptions options);
  /// Takes an open handle, for the directions it was opened for; in any mode.
  static File adopt(Handle handle);

  File(File&&) noexcept;
  File& operator=(File&&) noexcept;
  ~File();

  Result<std::size_t> attempt_read(MutableBytes into);
  Readiness& read_readiness() noexcept;
  Result<std::size_t> attempt_write(Bytes from);
  Result<void> attempt_flush();
  Result<void> attempt_shutdown();
  Readiness& write_readiness() noexcept;

 private:
  File(std::unique_ptr<detail::FileReader> reader,
       std::unique_ptr<detail::FileWriter> writer) noexcept;

  std::unique_ptr<detail::FileReader> reader_;
  std::unique_ptr<detail::FileWriter> writer_;
};

}  // namespace fid
