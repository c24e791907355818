// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/os_queue.hpp>
#include <fid/io/stream.hpp>

#include <cstddef>
#include <optional>

namespace fid::service::load {

/// Takes what a stream has received and drops it; gives how much that was, 0 at its end. A measured
/// relay is not to wait for us to copy what nobody looks at. What is not dropped inside the kernel
/// is read into `scratch`.
class Discard final : public fid::detail::ReadingOp<Discard, Stream> {
 public:
  Discard(Stream& from, MutableBytes scratch) noexcept : ReadingOp(from), scratch_(scratch) {}
  std::size_t await_resume() const noexcept { return count_; }

 private:
  Attempt attempt() noexcept override {
    const std::optional<Native> socket = stream().read_handle();
    const auto n = socket ? os::discard(*socket, scratch_) : stream().attempt_read(scratch_);
    if (!n) return not_moved(n.error());
    count_ = *n;
    return Attempt::done;
  }

  MutableBytes scratch_;
  std::size_t count_ = 0;
};

}  // namespace fid::service::load
