// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/linked_list.hpp>
#include <fid/base/result.hpp>
#include <fid/task/event.hpp>
#include <fid/task/task.hpp>

#include <coroutine>
#include <cstddef>
#include <optional>

namespace fid {

/// Running coroutines with an owner.
///
/// Shape: stays where it is. Its destructor cancels what still runs; nothing outlives it.
/// Errors: a task that fails ends alone; the first failure is kept for join().
class TaskGroup {
 public:
  TaskGroup() = default;
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;
  ~TaskGroup() { cancel(); }

  /// Runs `task` at once, until it first waits; the rest of it as it becomes ready.
  void add(Task<void> task);

  /// How many run.
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

  /// Destroys what runs. Not to be called by one of them.
  void cancel() noexcept;

  /// Waits until nothing runs. Fails with the first failure since the last join().
  /// Cancelling it only stops waiting.
  Task<void> join();

 private:
  struct Member : Link {
    std::coroutine_handle<> frame;
  };
  class Runner;

  static Runner run(TaskGroup& group, Task<void> task);
  void ended(const Result<void>& result);

  LinkedList<Member> members_;
  Event empty_;
  std::optional<Error> failure_;
  std::size_t size_ = 0;
};

}  // namespace fid
