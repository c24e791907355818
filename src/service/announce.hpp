// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/handle.hpp>
#include <fid/base/os_path.hpp>
#include <fid/base/result.hpp>

#include <span>
#include <string>
#include <utility>

/// Telling others that everything is listening, and where: real addresses, ports chosen.
namespace fid::service {

/// A descriptor that someone waits on for the addresses.  --ready-fd
///
/// Shape: movable; owns the inherited descriptor. Standard input, output and error are left open.
/// Destroyed without announce(), the one who waits sees the end and no line.
class ReadyDescriptor {
 public:
  /// Fails with bad_file_descriptor if it is not open for writing. Children do not inherit it any
  /// more, or the one who waits for its end would wait for them.
  static Result<ReadyDescriptor> adopt(Native inherited);

  /// Writes `urls`, one a line and all in one write, and closes it. Waits for the reader if there
  /// is no room.
  Result<void> announce(std::span<const std::string> urls);

 private:
  explicit ReadyDescriptor(Handle handle) noexcept : handle_(std::move(handle)) {}

  Handle handle_;
};

/// A file with the addresses, complete as soon as it appears.  --port-file
///
/// Shape: movable, sole owner of the file: removed when destroyed, unless the name leads to another
/// one by then.
class PortFile {
 public:
  /// Written beside `path` under another name, then renamed: an older file is replaced.
  static Result<PortFile> write(std::string path, std::span<const std::string> urls);

  PortFile(PortFile&& other) noexcept : path_(std::exchange(other.path_, {})), id_(other.id_) {}
  PortFile& operator=(PortFile&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(id_, other.id_);
    return *this;
  }
  ~PortFile();

 private:
  PortFile(std::string path, os::FileId id) : path_(std::move(path)), id_(id) {}

  std::string path_;  ///< empty once moved from
  os::FileId id_;
};

}  // namespace fid::service
