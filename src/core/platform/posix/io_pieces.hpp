// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/os.hpp>

#include <sys/uio.h>

#include <algorithm>
#include <climits>

namespace fid::platform {

/// The pieces of a vectored call as the kernel takes them, at most IOV_MAX of them. readv(2)
class IoPieces {
 public:
  template <class Pieces>
  explicit IoPieces(Pieces pieces) noexcept
      : count_(std::min(pieces.size(), static_cast<std::size_t>(IOV_MAX))) {
    for (std::size_t i = 0; i < count_; ++i) {
      // iovec serves both directions and so has no const.
      auto* data = const_cast<std::byte*>(pieces[i].data());
      vector_[i] = {data, pieces[i].size()};
    }
  }

  iovec* data() noexcept { return vector_; }
  std::size_t size() const noexcept { return count_; }

 private:
  iovec vector_[IOV_MAX];  // only the first count_ are ever touched
  std::size_t count_;
};

}  // namespace fid::platform
