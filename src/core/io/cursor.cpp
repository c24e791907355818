// SPDX-License-Identifier: MIT
#include <fid/io/cursor.hpp>

#include <algorithm>

namespace fid {

std::size_t Cursor::remaining() const noexcept {
  std::size_t sum = first_.size();
  for (const Bytes& piece : later_) sum += piece.size();
  return sum;
}

std::size_t Cursor::pieces(std::span<Bytes> into) const noexcept {
  if (into.empty() || empty()) return 0;
  into[0] = first_;
  const std::size_t later = std::min(later_.size(), into.size() - 1);
  std::copy_n(later_.begin(), later, into.begin() + 1);
  return later + 1;
}

void Cursor::advance(std::size_t count, Caller caller) noexcept {
  while (count >= first_.size() && count > 0) {
    if (first_.empty()) broken_precondition("advance() over what remains", caller);
    count -= first_.size();
    first_ = {};
    skip_empty();
  }
  first_ = first_.subspan(count);
}

void Cursor::skip_empty() noexcept {
  while (first_.empty() && !later_.empty()) {
    first_ = later_.front();
    later_ = later_.subspan(1);
  }
}

}  // namespace fid
