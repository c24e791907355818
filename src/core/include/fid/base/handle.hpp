// SPDX-License-Identifier: MIT
#pragma once

#include <fid/platform/native.hpp>

#include <utility>

namespace fid {

/// Closes a native handle, once. close(2)
void close_native(Native native) noexcept;

/// Sole owner of a kernel handle.  close(2)
class Handle {
 public:
  explicit Handle(Native native = invalid_native) noexcept : native_(native) {}
  Handle(Handle&& other) noexcept : native_(other.release()) {}
  Handle& operator=(Handle&& other) noexcept {
    Handle old(std::exchange(native_, other.release()));
    return *this;
  }
  // Not retried on EINTR: the number is free by then and another thread may have it.
  ~Handle() {
    if (native_ != invalid_native) close_native(native_);
  }

  /// Borrowed: not to be closed.
  Native get() const noexcept { return native_; }
  /// Gives it up, open.
  [[nodiscard]] Native release() noexcept { return std::exchange(native_, invalid_native); }
  explicit operator bool() const noexcept { return native_ != invalid_native; }

 private:
  Native native_;
};

}  // namespace fid
