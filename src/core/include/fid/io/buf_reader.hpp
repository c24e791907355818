// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/caller.hpp>
#include <fid/base/error.hpp>
#include <fid/io/memory.hpp>
#include <fid/io/read_write.hpp>
#include <fid/task/task.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace fid {

/// Looks into a reader's buffer, filling it if it is empty: see fill_buf().
template <AsyncBufRead S>
class FillBufOp final : public Awaits<FillBufOp<S>> {
 public:
  explicit FillBufOp(S& from) noexcept
      : Awaits<FillBufOp>(from.read_readiness(), Interest::readable), from_(&from) {}
  /// What is buffered; empty at the end of the stream.
  Bytes await_resume() const noexcept { return found_; }

 private:
  Attempt attempt() noexcept override {
    const Result<Bytes> found = from_->attempt_fill();
    if (!found) {
      this->waits_on(from_->read_readiness());
      return this->waits_or_fails(found.error());
    }
    found_ = *found;
    return Attempt::done;
  }

  S* from_;
  Bytes found_;
};

/// What is in the buffer of `from`, reading once if that is nothing; empty at the end. It stays
/// there until from.consume().
/// Cancellation: a cancelled one has taken nothing.
template <AsyncBufRead S>
auto fill_buf(S& from) noexcept {
  return FillBufOp<detail::Target<S>>(detail::target(from));
}

/// A reader with a buffer, so that small reads do not each cost a system call.
///
/// Shape: movable; holds a reader, or a reference to one where R is a reference. Reads as large as
/// the buffer go past it while it is empty.
template <AsyncRead R>
class BufReader : public Reads<BufReader<R>> {
 public:
  static constexpr std::size_t default_capacity = std::size_t{8} * 1024;

  explicit BufReader(R&& inner, std::size_t capacity = default_capacity)
      : inner_(std::forward<R>(inner)), storage_(new std::byte[capacity]), capacity_(capacity) {}

  Result<std::size_t> attempt_read(MutableBytes into) {
    if (begin_ == end_ && into.size() >= capacity_) return target().attempt_read(into);
    const Result<Bytes> found = attempt_fill();
    if (!found) return fail(found.error());
    const std::size_t count = std::min(found->size(), into.size());
    std::copy_n(found->begin(), count, into.begin());
    consume(count);
    return count;
  }
  /// Always ready while there is something in the buffer.
  Readiness& read_readiness() { return begin_ < end_ ? always_ready() : target().read_readiness(); }

  Result<Bytes> attempt_fill() {
    if (begin_ == end_) {
      const auto count = target().attempt_read(MutableBytes(storage_.get(), capacity_));
      if (!count) return fail(count.error());
      begin_ = 0;
      end_ = *count;
    }
    return buffer();
  }
  /// Drops bytes of the buffer; at most as many as there are.
  void consume(std::size_t count, Caller caller = Caller::here()) {
    if (count > end_ - begin_) broken_precondition("consume() of what is buffered", caller);
    begin_ += count;
  }

  /// What was read from the inner reader and not yet from this one.
  Bytes buffer() const noexcept { return {storage_.get() + begin_, end_ - begin_}; }

  const auto& get_ref() const noexcept { return inner_; }
  /// Reading from it directly passes over what is buffered.
  auto& get_mut() noexcept { return inner_; }
  /// What is buffered is lost.
  R into_inner() && { return std::forward<R>(inner_); }

 private:
  auto& target() noexcept { return detail::target(inner_); }

  R inner_;
  std::unique_ptr<std::byte[]> storage_;
  std::size_t capacity_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

template <class R>
BufReader(R&&) -> BufReader<R>;
template <class R>
BufReader(R&&, std::size_t) -> BufReader<R>;

/// As copy(), straight from the reader's own buffer.
/// Cancellation: what was not written is still in the reader.
template <AsyncBufRead R, AsyncWrite W>
Task<std::uint64_t> copy_buf(R& from, W& to) {
  auto& reader = detail::target(from);
  auto& writer = detail::target(to);
  std::uint64_t total = 0;
  for (;;) {
    const Bytes found = co_await fill_buf(reader);
    if (found.empty()) break;
    const std::size_t count = co_await WriteOp<detail::Target<W>>(writer, found);
    if (count == 0) co_return fail(Errc::write_zero, "write");
    reader.consume(count);
    total += count;
  }
  co_await FlushOp<detail::Target<W>>(writer);
  co_return total;
}

}  // namespace fid
