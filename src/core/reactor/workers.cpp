// SPDX-License-Identifier: MIT
#include "reactor/start_thread.hpp"

#include <fid/reactor/workers.hpp>

#include <condition_variable>
#include <deque>
#include <mutex>

namespace fid {

struct Workers::State {
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::function<void()>> jobs;
  std::size_t threads = 0;
  std::size_t idle = 0;
  bool closed = false;

  void work() {
    std::unique_lock lock(mutex);
    for (;;) {
      ++idle;
      changed.wait(lock, [this] { return closed || !jobs.empty(); });
      --idle;
      if (closed) break;
      auto job = std::move(jobs.front());
      jobs.pop_front();
      lock.unlock();
      job();
      job = nullptr;  // what it owns goes on this thread, and not under the lock
      lock.lock();
    }
    --threads;
  }

  /// The threads there are do the job, one after another; without any it is dropped.
  Result<void> not_started(const Error& why) {
    std::function<void()> dropped;
    const std::lock_guard lock(mutex);
    if (--threads > 0) return {};
    dropped = std::move(jobs.back());
    jobs.pop_back();
    return fail(why);
  }
};

Workers::Workers() : state_(std::make_shared<State>()) {}

Workers::~Workers() {
  // Jobs nobody waits for any more go outside the lock.
  std::deque<std::function<void()>> dropped;
  {
    const std::lock_guard lock(state_->mutex);
    state_->closed = true;
    dropped.swap(state_->jobs);
  }
  state_->changed.notify_all();
}

Result<void> Workers::submit(std::function<void()> job) {
  bool start = false;
  {
    const std::lock_guard lock(state_->mutex);
    state_->jobs.push_back(std::move(job));
    start = state_->jobs.size() > state_->idle && state_->threads < most;
    if (start) ++state_->threads;
  }
  if (!start) {
    state_->changed.notify_one();
    return {};
  }
  const auto started = detail::start_thread([state = state_] { state->work(); });
  return started ? started : state_->not_started(started.error());
}

}  // namespace fid
