// SPDX-License-Identifier: MIT
#include <fid/io/read_buf.hpp>

#include <algorithm>

namespace fid {

MutableBytes ReadBuf::initialize_unfilled() noexcept {
  std::fill(storage_.begin() + static_cast<std::ptrdiff_t>(initialized_), storage_.end(),
            std::byte{0});
  initialized_ = capacity();
  return unfilled();
}

void ReadBuf::advance(std::size_t count, Caller caller) noexcept {
  if (count > initialized_ - filled_) {
    broken_precondition("advance() within what is initialised", caller);
  }
  filled_ += count;
}

void ReadBuf::set_filled(std::size_t count, Caller caller) noexcept {
  if (count > initialized_) {
    broken_precondition("set_filled() within what is initialised", caller);
  }
  filled_ = count;
}

void ReadBuf::assume_init(std::size_t count, Caller caller) noexcept {
  if (count > remaining()) broken_precondition("assume_init() within the room", caller);
  initialized_ = std::max(initialized_, filled_ + count);
}

void ReadBuf::put_slice(Bytes bytes, Caller caller) noexcept {
  if (bytes.size() > remaining()) broken_precondition("put_slice() of what fits", caller);
  std::copy(bytes.begin(), bytes.end(), unfilled().begin());
  assume_init(bytes.size());
  filled_ += bytes.size();
}

ReadBuf ReadBuf::take(std::size_t count) const noexcept {
  const std::size_t size = std::min(count, remaining());
  ReadBuf part = uninit(unfilled().first(size));
  part.initialized_ = std::min(size, initialized_ - filled_);
  return part;
}

}  // namespace fid
