// SPDX-License-Identifier: MIT
#include <fid/reactor/timer_queue.hpp>

#include <algorithm>

namespace fid {
namespace {

constexpr std::size_t fanout = 4;

}  // namespace

void Timer::disarm() noexcept {
  if (queue_ != nullptr) queue_->remove(*this);
  unlink();
}

TimerQueue::~TimerQueue() {
  for (Entry& entry : heap_) entry.timer->queue_ = nullptr;
}

void TimerQueue::add(Timer& timer, TimePoint deadline) {
  timer.disarm();
  heap_.push_back({deadline, &timer});
  timer.queue_ = this;
  sift_up(heap_.size() - 1, heap_.back());
}

void TimerQueue::remove(Timer& timer) noexcept {
  const std::size_t position = timer.position_;
  timer.queue_ = nullptr;
  const Entry last = heap_.back();
  heap_.pop_back();
  if (position == heap_.size()) return;
  // The last entry fills the gap, then moves to where it belongs: up or down, not both.
  sift_up(position, last);
  sift_down(last.timer->position_, last);
}

std::optional<TimePoint> TimerQueue::next() const noexcept {
  if (heap_.empty()) return std::nullopt;
  return heap_.front().deadline;
}

void TimerQueue::expire(TimePoint now, LinkedList<Runnable>& due) {
  while (!heap_.empty() && heap_.front().deadline <= now) {
    Timer& timer = *heap_.front().timer;
    remove(timer);
    due.push_back(timer);
  }
}

void TimerQueue::stop(LinkedList<Runnable>& due) {
  expire(TimePoint::max(), due);
}

void TimerQueue::place(std::size_t position, Entry entry) noexcept {
  heap_[position] = entry;
  entry.timer->position_ = position;
}

void TimerQueue::sift_up(std::size_t position, Entry entry) noexcept {
  while (position > 0) {
    const std::size_t parent = (position - 1) / fanout;
    if (heap_[parent].deadline <= entry.deadline) break;
    place(position, heap_[parent]);
    position = parent;
  }
  place(position, entry);
}

void TimerQueue::sift_down(std::size_t position, Entry entry) noexcept {
  for (;;) {
    const std::size_t first = position * fanout + 1;
    if (first >= heap_.size()) break;
    const std::size_t end = std::min(first + fanout, heap_.size());
    std::size_t least = first;
    for (std::size_t child = first + 1; child < end; ++child) {
      if (heap_[child].deadline < heap_[least].deadline) least = child;
    }
    if (entry.deadline <= heap_[least].deadline) break;
    place(position, heap_[least]);
    position = least;
  }
  place(position, entry);
}

}  // namespace fid
