// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/bytes.hpp>
#include <fid/task/task.hpp>

#include <span>
#include <string>
#include <string_view>

namespace fid::test {

/// One read, as text.
template <class S>
Task<std::string> read_some(S& stream) {
  std::string part(65536, '\0');
  part.resize(co_await stream.read(std::as_writable_bytes(std::span(part))));
  co_return part;
}

/// `count` characters, or fewer if the stream ends.
template <class S>
Task<std::string> read_text(S& stream, std::size_t count) {
  std::string text(count, '\0');
  std::size_t have = 0;
  while (have < count) {
    auto room = std::as_writable_bytes(std::span(text)).subspan(have);
    const std::size_t n = co_await stream.read(room);
    if (n == 0) break;
    have += n;
  }
  text.resize(have);
  co_return text;
}

/// Everything until the end.
template <class S>
Task<std::string> read_all_text(S& stream) {
  std::string text;
  std::string part(65536, '\0');
  while (const auto n = co_await stream.read(std::as_writable_bytes(std::span(part)))) {
    text.append(part, 0, n);
  }
  co_return text;
}

template <class S>
Task<void> write_text(S& stream, std::string_view text) {
  while (!text.empty()) text.remove_prefix(co_await stream.write(as_bytes(text)));
}

/// Characters that differ from place to place, more than all buffers hold.
inline std::string long_text(std::size_t at_least = 1'000'000) {
  std::string text;
  for (int i = 0; text.size() < at_least; ++i) text += std::to_string(i) + ' ';
  return text;
}

}  // namespace fid::test
