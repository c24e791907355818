// SPDX-License-Identifier: MIT
#pragma once

#include <fid/reactor/mailbox.hpp>
#include <fid/reactor/reactor.hpp>
#include <fid/task/run_queue.hpp>
#include <fid/task/task.hpp>

#include <coroutine>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace fid {

/// Threads for what can only block: looking up a name, reading an ordinary file.
///
/// Shape: one pool per reactor, made when first used. A thread is started when none is idle, up to
/// `most`; after that, jobs wait their turn. No thread is waited for at the end: a job that hangs
/// does not hold up its reactor, it ends with the process.
class Workers {
 public:
  static constexpr std::size_t most = 32;

  Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers();

  void submit(std::function<void()> job);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

namespace detail {

/// Shared by the thread that runs a job and the coroutine that waits for it.
template <class F>
class WorkerJob {
 public:
  using Value = std::invoke_result_t<F&>;

  explicit WorkerJob(F function) : function_(std::move(function)) {}

  F function_;
  std::optional<Value> value_;   // written by the worker before it posts
  Runnable* waiting_ = nullptr;  // the reactor's thread only; null once cancelled
};

template <class F>
class WorkerAwaiter final : public Resumption {
 public:
  explicit WorkerAwaiter(F function) : job_(std::make_shared<WorkerJob<F>>(std::move(function))) {}
  WorkerAwaiter(WorkerAwaiter&&) noexcept = default;
  ~WorkerAwaiter() {
    if (job_) job_->waiting_ = nullptr;
  }

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiting) {
    resumes(waiting);
    job_->waiting_ = this;
    Reactor& reactor = Reactor::current();
    reactor.workers().submit([job = job_, mailbox = reactor.mailbox()]() mutable {
      job->value_.emplace(job->function_());
      auto* const posted = mailbox.get();
      posted->post([job = std::move(job)] {
        if (job->waiting_ != nullptr) schedule(*job->waiting_);
      });
    });
  }
  typename WorkerJob<F>::Value await_resume() { return std::move(*job_->value_); }

 private:
  std::shared_ptr<WorkerJob<F>> job_;
};

template <class F>
Task<typename WorkerJob<F>::Value::value_type> await_worker(F function) {
  co_return co_await WorkerAwaiter<F>(std::move(function));
}

}  // namespace detail

/// Runs `function`, which returns a Result<T>, on a worker thread and gives its value.
///
/// Cancellation: abandons the result, not the thread: the function runs to its end, so it owns
/// what it uses.
template <class F>
auto on_worker(F function) {
  return detail::await_worker<F>(std::move(function));
}

}  // namespace fid
