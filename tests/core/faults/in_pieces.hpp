// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/bytes.hpp>
#include <fid/io/vectored.hpp>
#include <fid/task/task.hpp>

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace fid::test {

/// `count` characters, by reads into two buffers each.
template <class S>
Task<std::string> read_in_pieces(S& from, std::size_t count) {
  std::string text(count, '\0');
  for (std::size_t have = 0; have < count;) {
    const auto rest = std::as_writable_bytes(std::span(text)).subspan(have);
    const std::array<MutableBytes, 2> pieces{rest.first(1), rest.subspan(1)};
    co_await from.readable();
    const auto some = from.try_read_vectored(pieces);
    if (!some && some.error().would_block()) continue;
    have += co_await some;
  }
  co_return text;
}

/// The whole text, by writes from two buffers each.
template <class S>
Task<void> write_in_pieces(S& to, std::string_view text) {
  while (!text.empty()) {
    const Bytes rest = as_bytes(text);
    const std::array<Bytes, 2> pieces{rest.first(1), rest.subspan(1)};
    text.remove_prefix(co_await to.write_vectored(pieces));
  }
}

}  // namespace fid::test
