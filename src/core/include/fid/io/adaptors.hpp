// SPDX-License-Identifier: MIT
#pragma once

#include <fid/io/memory.hpp>
#include <fid/io/read_write.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace fid {

/// A reader that ends after so many bytes, or with the one it reads from: see take().
///
/// Shape: holds a reader, or a reference to one where R is a reference.
template <AsyncRead R>
class Take : public Reads<Take<R>> {
 public:
  Take(R&& inner, std::uint64_t limit) : inner_(std::forward<R>(inner)), limit_(limit) {}

  Result<std::size_t> attempt_read(MutableBytes into) {
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), limit_));
    // Not asked when nothing may be taken: it might wait.
    if (most == 0) return 0;
    auto count = detail::target(inner_).attempt_read(into.first(most));
    if (count) limit_ -= *count;
    return count;
  }
  /// At the limit there is nothing to wait for.
  Readiness& read_readiness() {
    return limit_ == 0 ? always_ready() : detail::target(inner_).read_readiness();
  }

  /// Bytes that may still be read.
  std::uint64_t limit() const noexcept { return limit_; }

 private:
  R inner_;
  std::uint64_t limit_;
};

/// At most `limit` bytes of a reader: of the one given by reference, or of this one's own.
template <class R>
Take<R> take(R&& reader, std::uint64_t limit) {
  return Take<R>(std::forward<R>(reader), limit);
}

/// One reader and then another, as one: see chain().
template <AsyncRead First, AsyncRead Second>
class Chain : public Reads<Chain<First, Second>> {
 public:
  Chain(First&& first, Second&& second)
      : first_(std::forward<First>(first)), second_(std::forward<Second>(second)) {}

  Result<std::size_t> attempt_read(MutableBytes into) {
    // Nothing read because nothing was asked for is not the end of the first.
    if (into.empty()) return 0;
    if (!first_ended_) {
      auto count = detail::target(first_).attempt_read(into);
      if (!count || *count > 0) return count;
      first_ended_ = true;
    }
    return detail::target(second_).attempt_read(into);
  }
  Readiness& read_readiness() {
    return first_ended_ ? detail::target(second_).read_readiness()
                        : detail::target(first_).read_readiness();
  }

 private:
  First first_;
  Second second_;
  bool first_ended_ = false;
};

/// Reads `first` to its end, then `second`. Each by reference or as this one's own, as for take().
template <class First, class Second>
Chain<First, Second> chain(First&& first, Second&& second) {
  return Chain<First, Second>(std::forward<First>(first), std::forward<Second>(second));
}

}  // namespace fid
