// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/clock.hpp>
#include <fid/task/run_queue.hpp>

#include <cstddef>
#include <optional>
#include <vector>

namespace fid {

class TimerQueue;

/// A deadline, and what to run then. Destroying it takes it out of its queue.
class Timer : public Runnable {
 public:
  Timer() noexcept = default;
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  bool is_armed() const noexcept { return queue_ != nullptr; }
  /// Neither fires nor runs any more.
  void disarm() noexcept;

 protected:
  ~Timer() { disarm(); }

 private:
  friend class TimerQueue;
  TimerQueue* queue_ = nullptr;
  std::size_t position_ = 0;
};

/// Deadlines in order. A heap of four children a node: adding and removing cost O(log n), the next
/// deadline nothing. Holds no clock.
class TimerQueue {
 public:
  TimerQueue() = default;
  TimerQueue(const TimerQueue&) = delete;
  TimerQueue& operator=(const TimerQueue&) = delete;
  ~TimerQueue();

  /// Arms `timer`, anew if it was armed.
  void add(Timer& timer, TimePoint deadline);
  void remove(Timer& timer) noexcept;

  bool empty() const noexcept { return heap_.empty(); }
  std::size_t size() const noexcept { return heap_.size(); }
  std::optional<TimePoint> next() const noexcept;

  /// Disarms the timers whose deadline is not after `now`, in order, and adds them to `due`.
  void expire(TimePoint now, LinkedList<Runnable>& due);
  /// Adds every timer to `due`, early: the reactor stops.
  void stop(LinkedList<Runnable>& due);

 private:
  struct Entry {
    TimePoint deadline;
    Timer* timer;
  };

  void place(std::size_t position, Entry entry) noexcept;
  void sift_up(std::size_t position, Entry entry) noexcept;
  void sift_down(std::size_t position, Entry entry) noexcept;

  std::vector<Entry> heap_;
};

}  // namespace fid
