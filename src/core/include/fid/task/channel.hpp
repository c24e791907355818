// SPDX-License-Identifier: MIT
#pragma once

#include <fid/task/event.hpp>
#include <fid/task/task.hpp>

#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

namespace fid {

/// A bounded queue between the coroutines of one thread.
///
/// Shape: stays where it is; outlives who waits for it.
/// Cancellation: a cancelled send() has put nothing in, a cancelled receive() has taken nothing.
template <class T>
class Channel {
 public:
  /// Holds at most `capacity` values, one at least.
  explicit Channel(std::size_t capacity) : capacity_(capacity == 0 ? 1 : capacity) {}
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  std::size_t size() const noexcept { return values_.size(); }
  bool is_closed() const noexcept { return closed_; }

  /// Puts the value in if there is room; else leaves it alone and says false.
  bool try_send(T& value) {
    if (closed_ || values_.size() == capacity_) return false;
    values_.push_back(std::move(value));
    not_empty_.wake_all();
    return true;
  }
  /// Takes the oldest value, if there is one.
  std::optional<T> try_receive() {
    if (values_.empty()) return std::nullopt;
    std::optional<T> value(std::move(values_.front()));
    values_.pop_front();
    not_full_.wake_all();
    return value;
  }

  /// Waits for room. Fails with broken_pipe once the channel is closed.
  Task<void> send(T value) {
    while (!try_send(value)) {
      if (closed_) co_await fail(std::errc::broken_pipe, "send");
      co_await not_full_.wait();
    }
  }
  /// Waits for a value; none once the channel is closed and empty.
  Task<std::optional<T>> receive() {
    for (;;) {
      std::optional<T> value = try_receive();
      if (value || closed_) co_return std::move(value);
      co_await not_empty_.wait();
    }
  }

  /// Nothing more goes in; what is in can still be received.
  void close() {
    closed_ = true;
    not_empty_.wake_all();
    not_full_.wake_all();
  }

 private:
  std::size_t capacity_;
  std::deque<T> values_;
  Event not_empty_;
  Event not_full_;
  bool closed_ = false;
};

}  // namespace fid
