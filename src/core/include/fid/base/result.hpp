// SPDX-License-Identifier: MIT
#pragma once

#include <tl/expected.hpp>

#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

namespace fid {

/// Why an operation failed. `operation` is a literal: the call, by its man-page name.
///
/// Shape: a value. `code` keeps the system's own number and compares with the portable names of
/// std::errc; what no system call reports has a name in Errc (error.hpp).
struct [[nodiscard]] Error {
  std::error_code code;
  std::string_view operation;

  /// The call can be made again once the handle is ready. EAGAIN, EWOULDBLOCK
  bool would_block() const noexcept {
    return code.value() == EAGAIN && code.category() == std::system_category();
  }
  friend bool operator==(const Error&, const Error&) = default;
};

/// A value, or an E where an Error does not say enough.
template <class T, class E>
using ResultOr = tl::expected<T, E>;  // the only line that names tl::expected

/// A value, or why there is none.
template <class T>
using Result = ResultOr<T, Error>;

/// What a Result fails with.
using Failure = tl::unexpected<Error>;

/// What a ResultOr<T, E> fails with.
template <class E>
tl::unexpected<E> fail_with(E error) {
  return tl::unexpected<E>(std::move(error));
}

/// Makes any Result a failure: `return fail(std::errc::invalid_argument, "parse");`
inline Failure fail(Error error) {
  return Failure(error);
}
inline Failure fail(std::error_code code, std::string_view operation) {
  return Failure(Error{code, operation});
}
inline Failure fail(std::errc code, std::string_view operation) {
  return Failure(Error{std::error_code(static_cast<int>(code), std::system_category()), operation});
}

}  // namespace fid
