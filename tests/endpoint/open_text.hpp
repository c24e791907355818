// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/endpoint.hpp"
#include "endpoint/native_syntax.hpp"
#include "support/run_test.hpp"

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace fid::endpoint::test {

using fid::test::run_test;

/// The address in `text`, as written where it listens or connects.
inline Address address(std::string_view text, Place place) {
  auto parsed = parse_native(text, place);
  if (!parsed) throw std::invalid_argument(std::string(text));
  return *std::move(parsed);
}

/// Opens what `text` says. The task owns the address.
inline Task<Connection> open_text(std::string text, OpenContext context) {
  const Address where = address(text, Place::connects);
  co_return co_await open(where, context);
}
inline Task<Connection> open_text(std::string text, Access access = Access::both) {
  OpenContext context;
  context.access = access;
  return open_text(std::move(text), std::move(context));
}

inline Task<ListenerPtr> listen_text(std::string text) {
  const Address where = address(text, Place::listens);
  const OpenContext context;
  co_return co_await listen(where, context);
}

inline Task<void> write_text(Stream& to, std::string text) {
  for (Bytes left = as_bytes(text); !left.empty();) {
    left = left.subspan(co_await to.write(left));
  }
}

/// Up to `size` bytes; fewer at the end of the stream.
inline Task<std::string> read_text(Stream& from, std::size_t size) {
  std::string text(size, '\0');
  std::size_t filled = 0;
  while (filled < size) {
    const auto room = std::as_writable_bytes(std::span(text)).subspan(filled);
    const std::size_t count = co_await from.read(room);
    if (count == 0) break;
    filled += count;
  }
  text.resize(filled);
  co_return text;
}

/// Whatever comes until the end of the stream.
inline Task<std::string> read_all(Stream& from) {
  return read_text(from, 1 << 20);
}

}  // namespace fid::endpoint::test
