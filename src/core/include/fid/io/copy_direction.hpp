// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/error.hpp>
#include <fid/io/concepts.hpp>
#include <fid/io/two_waits.hpp>
#include <fid/reactor/reactor.hpp>
#include <fid/task/promise.hpp>

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace fid::detail {

/// What copying operations have in common: how they end.
class CopyEnd {
 public:
  bool failed() const noexcept { return failed_; }
  const Error& error() const noexcept { return error_; }
  void suspend(std::coroutine_handle<> waiting, PromiseBase* parent) noexcept {
    waiting_ = waiting;
    parent_ = parent;
  }

  /// A direction has ended; this may be gone afterwards.
  virtual void direction_ended() = 0;
  void fails(const Error& error) noexcept {
    error_ = error;
    failed_ = true;
  }

 protected:
  CopyEnd() noexcept = default;
  ~CopyEnd() = default;

  /// Tells who waits, if anybody does yet.
  void finish() {
    if (!waiting_) return;
    if (failed_ && parent_ != nullptr) {
      parent_->fail(error_);
    } else {
      waiting_.resume();
    }
  }

 private:
  std::coroutine_handle<> waiting_;
  PromiseBase* parent_ = nullptr;
  Error error_;
  bool failed_ = false;
};

/// One direction of copying, until the end of `from`.
///
///     can it ...  | read                 | write           | then
///     yes         | bytes, or the end    | bytes           | look again
///     no, waits   | unless full or ended | if any are left | without bytes: flush, and if at the
///                 |                      |                 |   end shut down and end
///
/// Shape: movable until it is started. Its buffer exists from then on.
template <AsyncRead R, AsyncWrite W>
class CopyDirection final : private TwoWaits {
 public:
  CopyDirection(R& from, W& to, std::size_t size, bool shutdown) noexcept
      : from_(&from), to_(&to), size_(size), shutdown_(shutdown) {}

  /// May end at once.
  void start(CopyEnd& owner) {
    owner_ = &owner;
    buffer_.reset(new std::byte[size_]);
    proceed();
  }
  void stop() noexcept { stop_waiting(); }

  bool ended() const noexcept { return ended_; }
  /// Bytes written.
  std::uint64_t count() const noexcept { return count_; }

 private:
  void proceed() override {
    bool moved = true;
    while (moved) {
      if (!Reactor::current().spend_budget()) return give_way();
      moved = read();
      if (write()) moved = true;
      if (ended_) return owner_->direction_ended();
    }
    if (begin_ == end_ && finish()) {
      ended_ = true;
      return owner_->direction_ended();
    }
    if (ended_) return owner_->direction_ended();
    wait();
  }

  bool can_read() const noexcept { return !at_end_ && end_ < size_; }

  /// Reads more while the writer is full, too: that makes for larger writes.
  bool read() {
    Readiness& readable = from_->read_readiness();
    if (ended_ || !can_read() || !readable.worth_trying(Interest::readable)) return false;
    const std::uint32_t tick = readable.tick();
    const auto count = from_->attempt_read(MutableBytes(buffer_.get() + end_, size_ - end_));
    if (!count)
      return blocked_or_failed(count.error(), from_->read_readiness(), Interest::readable, tick);
    if (*count == 0) at_end_ = true;
    end_ += *count;
    return true;
  }

  bool write() {
    Readiness& writable = to_->write_readiness();
    if (ended_ || begin_ == end_ || !writable.worth_trying(Interest::writable)) return false;
    const std::uint32_t tick = writable.tick();
    const auto count = to_->attempt_write(Bytes(buffer_.get() + begin_, end_ - begin_));
    if (!count) return blocked_or_failed(count.error(), writable, Interest::writable, tick);
    if (*count == 0) return fail_with(Error{make_error_code(Errc::write_zero), "write"});
    begin_ += *count;
    count_ += *count;
    unflushed_ = true;
    if (begin_ == end_) begin_ = end_ = 0;
    return true;
  }

  /// Nothing is left to write: pushes out what the writer holds, lest both sides wait for it.
  bool finish() {
    Readiness& writable = to_->write_readiness();
    const std::uint32_t tick = writable.tick();
    if (unflushed_ || at_end_) {
      const auto flushed = to_->attempt_flush();
      unflushed_ = !flushed;
      if (!flushed) return blocked_or_failed(flushed.error(), writable, Interest::writable, tick);
    }
    if (!at_end_) return false;
    if (!shutdown_) return true;
    const auto done = to_->attempt_shutdown();
    if (!done) {
      unflushed_ = true;
      return blocked_or_failed(done.error(), writable, Interest::writable, tick);
    }
    return true;
  }

  void wait() {
    const bool waits_to_write = begin_ < end_ || unflushed_;
    if ((can_read() && from_->read_readiness().stopped()) ||
        (waits_to_write && to_->write_readiness().stopped())) {
      fail_with(Error{make_error_code(Errc::reactor_stopped), "wait"});
      return owner_->direction_ended();
    }
    if (can_read()) wait_for_reader(from_->read_readiness());
    if (waits_to_write) wait_for_writer(to_->write_readiness());
  }

  /// Both give false: nothing has moved.
  bool blocked_or_failed(const Error& error, Readiness& readiness, Interest interest,
                         std::uint32_t tick) {
    if (!error.would_block()) return fail_with(error);
    readiness.clear(interest, tick);
    return false;
  }
  bool fail_with(const Error& error) {
    owner_->fails(error);
    ended_ = true;
    return false;
  }

  R* from_;
  W* to_;
  CopyEnd* owner_ = nullptr;
  std::unique_ptr<std::byte[]> buffer_;
  std::size_t size_;
  std::size_t begin_ = 0;  // read and not yet written: from here to end_
  std::size_t end_ = 0;
  std::uint64_t count_ = 0;
  bool shutdown_;
  bool at_end_ = false;
  bool unflushed_ = false;
  bool ended_ = false;
};

}  // namespace fid::detail
