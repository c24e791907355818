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
class FillBufOp final : public detail::ReadingOp<FillBufOp<S>, S> {
 public:
  explicit FillBufOp(S& from) noexcept : FillBufOp::ReadingOp(from) {}
  /// What is buffered; empty at the end of the stream.
  Bytes await_resume() const noexcept { return found_; }

 private:
  Attempt attempt() noexcept override {
    const Result<Bytes> found = this->stream().attempt_fill();
    if (!found) return this->not_moved(found.error());
    found_ = *found;
    return Attempt::done;
  }

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

namespace detail {

/// What is in the buffer of `from` or can be read into it at once; would-block if nothing.
template <AsyncBufRead S>
Result<Bytes> try_fill(S& from) {
  Readiness& readable = from.read_readiness();
  if (!readable.worth_trying(Interest::readable)) {
    return fail(std::errc::resource_unavailable_try_again, "read");
  }
  const std::uint32_t tick = readable.tick();
  auto found = from.attempt_fill();
  if (!found && found.error().would_block()) readable.clear(Interest::readable, tick);
  return found;
}

}  // namespace detail

/// As copy(), straight from the reader's own buffer: while `from` has nothing, `to` is flushed.
/// Cancellation: what was not written is still in the reader.
template <AsyncBufRead R, AsyncWrite W>
Task<std::uint64_t> copy_buf(R& from, W& to) {
  using Writer = detail::Target<W>;
  auto& reader = detail::target(from);
  auto& writer = detail::target(to);
  std::uint64_t total = 0;
  bool unflushed = false;
  for (;;) {
    Result<Bytes> found = detail::try_fill(reader);
    if (!found && found.error().would_block()) {
      if (unflushed) co_await FlushOp<Writer>(writer);
      unflushed = false;
      found = co_await as_result(fill_buf(reader));
    }
    if (!found) co_return fail(found.error());
    if (found->empty()) break;
    const std::size_t count = co_await WriteOp<Writer>(writer, *found);
    if (count == 0) co_return fail(Errc::write_zero, "write");
    unflushed = true;
    reader.consume(count);
    total += count;
  }
  co_await FlushOp<Writer>(writer);
  co_return total;
}

}  // namespace fid
