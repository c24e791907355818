// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/bytes.hpp>
#include <fid/io/read_buf.hpp>

#include <algorithm>
#include <cstddef>

namespace fid::detail {

/// Lets `read` fill the spare capacity of `buffer`, made if there is none, and keeps what it says
/// it has read. `read` returns a Result<std::size_t>.
template <class Read>
auto read_into_spare_room(Buffer& buffer, Read read) -> decltype(read(MutableBytes())) {
  constexpr std::size_t least = 64;
  const std::size_t filled = buffer.size();
  buffer.resize(filled == buffer.capacity() ? filled + std::max(filled, least) : buffer.capacity());
  auto count = read(MutableBytes(buffer).subspan(filled));
  buffer.resize(filled + (count ? *count : 0));
  return count;
}

/// The same with the room of a ReadBuf, none of which is made.
template <class Read>
auto read_into_spare_room(ReadBuf& buffer, Read read) -> decltype(read(MutableBytes())) {
  auto count = read(buffer.unfilled());
  if (!count) return count;
  buffer.assume_init(*count);
  buffer.advance(*count);
  return count;
}

}  // namespace fid::detail
