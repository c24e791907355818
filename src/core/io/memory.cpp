// SPDX-License-Identifier: MIT
#include <fid/io/memory.hpp>

#include <algorithm>

namespace fid {

Readiness& always_ready() noexcept {
  // Presumed and never cleared: nobody ever waits for it.
  struct Always : Readiness {
    Always() { set(Ready::readable | Ready::writable); }
  };
  thread_local Always always;
  return always;
}

Result<std::size_t> BytesReader::attempt_read(MutableBytes into) noexcept {
  const std::size_t count = std::min(into.size(), left_.size());
  std::copy_n(left_.begin(), count, into.begin());
  left_ = left_.subspan(count);
  return count;
}

Result<std::size_t> BufferWriter::attempt_write(Bytes from) {
  into_->insert(into_->end(), from.begin(), from.end());
  return from.size();
}

Result<std::size_t> BytesWriter::attempt_write(Bytes from) noexcept {
  const std::size_t count = std::min(from.size(), into_.size() - written_);
  std::copy_n(from.begin(), count, into_.begin() + static_cast<std::ptrdiff_t>(written_));
  written_ += count;
  return count;
}

}  // namespace fid
