// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/address.hpp"

#include <fid/base/os.hpp>
#include <fid/base/os_path.hpp>
#include <fid/task/task.hpp>

#include <string>

namespace fid::endpoint {

/// The file of a Unix socket or FIFO that we made; removed when this goes, if it is still the same
/// file.
///
/// Shape: movable.
class OwnedPath {
 public:
  OwnedPath() noexcept = default;
  OwnedPath(std::string path, os::FileId id) : path_(std::move(path)), id_(id) {}
  OwnedPath(OwnedPath&& other) noexcept : path_(std::exchange(other.path_, {})), id_(other.id_) {}
  OwnedPath& operator=(OwnedPath&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(id_, other.id_);
    return *this;
  }
  ~OwnedPath();

  /// Leaves the file where it is.
  void keep() noexcept { path_.clear(); }

 private:
  std::string path_;
  os::FileId id_;
};

struct BoundPath {
  Handle socket;
  OwnedPath file;
};

/// A socket bound to the address's path, with its `mode`, `user` and `group` set, and listening
/// unless it takes datagrams; what was stale there is gone.
///
/// Whoever else starts on the same path waits for the directory's lock meanwhile, so of two one
/// wins. Before listen() the kernel refuses clients, whatever the file's mode.
/// Fails with address_in_use for a live server's socket, and for a file that is no socket; the
/// file then stays as it was. `unlink=no`: any file is in use, and ours is left behind.
Task<BoundPath> bind_unix_path(const Address& address, os::SocketType type);

}  // namespace fid::endpoint
