// SPDX-License-Identifier: MIT
#pragma once

#include <fid/reactor/mailbox.hpp>
#include <fid/reactor/operation.hpp>
#include <fid/reactor/reactor.hpp>
#include <fid/reactor/soft_readiness.hpp>
#include <fid/task/task.hpp>

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

  /// Fails, and drops the job, if there is no thread and none can be started.
  Result<void> submit(std::function<void()> job);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

namespace detail {

/// Shared by the thread that runs a job and the operation that waits for it.
template <class F>
class WorkerJob {
 public:
  using ResultType = std::invoke_result_t<F&>;

  WorkerJob(F function, Readiness& done) : function_(std::move(function)), done_(&done) {}

  F function_;
  std::optional<ResultType> result_;  // written by the worker before it posts
  Readiness* done_;                   // the reactor's thread only; null once nobody waits
};

/// Waits until a worker has run a job.
template <class F>
class WorkerOp final : public Awaits<WorkerOp<F>> {
 public:
  using Value = typename WorkerJob<F>::ResultType::value_type;

  WorkerOp(F function, Readiness& done)
      : Awaits<WorkerOp>(done, Interest::readable, Operation::Trust::reported),
        job_(std::make_shared<WorkerJob<F>>(std::move(function), done)) {}
  WorkerOp(const WorkerOp&) = delete;
  WorkerOp& operator=(const WorkerOp&) = delete;
  ~WorkerOp() { job_->done_ = nullptr; }

  Result<void> submit() {
    Reactor& reactor = Reactor::current();
    return reactor.workers().submit([job = job_, mailbox = reactor.mailbox()]() mutable {
      job->result_.emplace(job->function_());
      auto* const posted = mailbox.get();
      posted->post([job = std::move(job)] {
        if (job->done_ != nullptr) job->done_->set(Ready::readable);
      });
    });
  }
  Value await_resume() {
    if constexpr (!std::is_void_v<Value>) return std::move(**job_->result_);
  }

 private:
  Attempt attempt() noexcept override {
    const auto& result = *job_->result_;
    return result ? Attempt::done : this->fails(result.error());
  }

  std::shared_ptr<WorkerJob<F>> job_;
};

template <class F>
Task<typename WorkerOp<F>::Value> await_worker(F function) {
  const SoftReadiness done(Readiness::Kind::stream);
  WorkerOp<F> operation(std::move(function), *done);
  co_await operation.submit();
  co_return co_await operation;
}

}  // namespace detail

/// Runs `function`, which returns a Result<T>, on a worker thread and gives its value. Fails with
/// resource_unavailable_try_again if no thread can be started.
///
/// Cancellation: abandons the result, not the thread: the function runs to its end, so it owns
/// what it uses.
template <class F>
auto on_worker(F function) {
  return detail::await_worker<F>(std::move(function));
}

}  // namespace fid
