// SPDX-License-Identifier: MIT
#include <fid/task/frame_memory.hpp>
#include <fid/task/task_group.hpp>

#include <utility>

namespace fid {

/// The coroutine around a member's task. It frees itself at its end.
class TaskGroup::Runner {
 public:
  struct promise_type : Member, detail::PooledFrame {
    promise_type(TaskGroup& owner, const Task<void>&) noexcept : group(&owner) {
      frame = std::coroutine_handle<promise_type>::from_promise(*this);
    }

    Runner get_return_object() noexcept { return Runner(*this); }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    struct Final {
      bool await_ready() const noexcept { return false; }
      FID_NOINLINE void await_suspend(std::coroutine_handle<promise_type> ended) const noexcept {
        TaskGroup& owner = *ended.promise().group;
        const Result<void> how = ended.promise().result;
        ended.destroy();
        owner.ended(how);
      }
      void await_resume() const noexcept {}
    };
    Final final_suspend() const noexcept { return {}; }
    void return_value(Result<void> value) noexcept { result = value; }
    void unhandled_exception() const { throw; }

    TaskGroup* group;
    Result<void> result;
  };

  explicit Runner(promise_type& promise) noexcept : promise_(&promise) {}
  promise_type& promise() const noexcept { return *promise_; }

 private:
  promise_type* promise_;
};

TaskGroup::Runner TaskGroup::run(TaskGroup&, Task<void> task) {
  Result<void> result = co_await as_result(std::move(task));
  co_return result;
}

void TaskGroup::add(Task<void> task) {
  const Runner runner = run(*this, std::move(task));
  members_.push_back(runner.promise());
  ++size_;
  empty_.reset();
  runner.promise().frame.resume();
}

void TaskGroup::ended(const Result<void>& result) {
  if (!result && !failure_) failure_ = result.error();
  if (--size_ == 0) empty_.set();
}

void TaskGroup::cancel() noexcept {
  if (empty()) return;
  while (!members_.empty()) members_.pop_front().frame.destroy();
  size_ = 0;
  empty_.set();
}

Task<void> TaskGroup::join() {
  while (!empty()) co_await empty_.wait();
  if (const auto failure = std::exchange(failure_, std::nullopt)) co_await fail(*failure);
}

}  // namespace fid
