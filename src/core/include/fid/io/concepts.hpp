// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/bytes.hpp>
#include <fid/base/result.hpp>
#include <fid/reactor/readiness.hpp>

#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>

namespace fid {

namespace detail {

/// The stream itself: what an owning pointer points to.
template <class S>
auto& target(S& stream) noexcept {
  if constexpr (requires {
                  typename S::element_type;
                  *stream;
                }) {
    return *stream;
  } else {
    return stream;
  }
}
template <class S>
using Target = std::remove_reference_t<decltype(target(std::declval<S&>()))>;

}  // namespace detail

/// What can be read from: one attempt, and the readiness that says when another is worth making.
///
/// `attempt_read` never blocks. It gives the bytes read, 0 for the end of the stream or an empty
/// buffer, or an error; would-block means to wait until `read_readiness` is readable. Everything
/// asynchronous is made from these two: read(), read_exact(), copy(). Through a reference or an
/// owning pointer the same holds for what it points to.
template <class S>
concept AsyncRead = requires(detail::Target<S>& stream, MutableBytes into) {
  { stream.attempt_read(into) } -> std::same_as<Result<std::size_t>>;
  { stream.read_readiness() } -> std::same_as<Readiness&>;
};

/// What can be written to. `attempt_write` takes a prefix and gives its length; 0 for bytes that
/// are not empty means it will never take more. `attempt_flush` pushes out what is buffered, and
/// `attempt_shutdown` then ends the stream for its reader; both may be repeated, and report
/// would-block until `write_readiness` is writable.
template <class S>
concept AsyncWrite = requires(detail::Target<S>& stream, Bytes from) {
  { stream.attempt_write(from) } -> std::same_as<Result<std::size_t>>;
  { stream.attempt_flush() } -> std::same_as<Result<void>>;
  { stream.attempt_shutdown() } -> std::same_as<Result<void>>;
  { stream.write_readiness() } -> std::same_as<Readiness&>;
};

/// Both.
template <class S>
concept AsyncStream = AsyncRead<S> && AsyncWrite<S>;

/// A reader that has a buffer to look into. `attempt_fill` gives what is in it, reading once if
/// that is nothing; empty is the end of the stream. `consume` drops bytes that were looked at.
template <class S>
concept AsyncBufRead = AsyncRead<S> && requires(detail::Target<S>& stream, std::size_t count) {
  { stream.attempt_fill() } -> std::same_as<Result<Bytes>>;
  stream.consume(count);
};

/// Whether a stream hands on what one system call gave: then a read of fewer bytes than asked for
/// has emptied it (see Readiness). A stream that buffers or changes bytes may hold more.
template <AsyncRead S>
bool reads_directly(const S& stream) noexcept {
  if constexpr (requires { stream.read_handle().has_value(); }) {
    return stream.read_handle().has_value();
  } else {
    return requires {
      stream.native();
    };
  }
}

/// The same for writing: a short write has filled it.
template <AsyncWrite S>
bool writes_directly(const S& stream) noexcept {
  if constexpr (requires { stream.write_handle().has_value(); }) {
    return stream.write_handle().has_value();
  } else {
    return requires {
      stream.native();
    };
  }
}

}  // namespace fid
