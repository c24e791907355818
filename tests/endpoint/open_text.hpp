// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/endpoint.hpp"
#include "endpoint/native_syntax.hpp"
#include "support/code_of.hpp"
#include "support/run_test.hpp"
#include "support/stream_text.hpp"

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace fid::endpoint::test {

using fid::test::code_of;
using fid::test::read_all_text;
using fid::test::read_text;
using fid::test::run_test;
using fid::test::write_text;

/// The address in `text`, as written where it listens or connects.
inline Address address(std::string_view text, Place place) {
  auto parsed = parse_native(text, place);
  if (!parsed) throw std::invalid_argument(std::string(text));
  return *std::move(parsed);
}

/// Opens what `text` says. The task owns the address.
inline Task<ConnectionPtr> open_text(std::string text, OpenContext context) {
  const Address where = address(text, Place::connects);
  co_return co_await open(where, context);
}
inline Task<ConnectionPtr> open_text(std::string text, Access access = Access::both) {
  OpenContext context;
  context.access = access;
  return open_text(std::move(text), std::move(context));
}

inline Task<ListenerPtr> listen_text(std::string text) {
  const Address where = address(text, Place::listens);
  const OpenContext context;
  co_return co_await listen(where, context);
}

/// The next connection, adopted.
inline Task<ConnectionPtr> accept_from(Listener& listener) {
  ConnectionPtr connection = co_await listener.accept();
  co_await connection->adopt();
  co_return connection;
}

}  // namespace fid::endpoint::test
