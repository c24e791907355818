// SPDX-License-Identifier: MIT
#pragma once

#include "service/connection_handler.hpp"
#include "service/remote.hpp"

#include <cstddef>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <thread>

namespace fid::service {

/// A thread that serves connections beside the one that accepts them, with a reactor of its own.
///
/// Shape: stays where it is, belongs to the thread that accepts; what it is given outlives it. Its
/// destructor abandons what is served there, and waits for the thread to end.
class HandlerThread {
 public:
  /// Is called when the thread ends with a failure of its reactor. What it served is gone by then.
  using OnFailure = std::function<void(const Error&)>;

  /// Returns when the thread serves. It takes no signals.
  static Result<std::unique_ptr<HandlerThread>> start(const Handling& handling,
                                                      const Surroundings& around,
                                                      Admission& admission, OnFailure on_failure);
  HandlerThread(const HandlerThread&) = delete;
  HandlerThread& operator=(const HandlerThread&) = delete;
  ~HandlerThread();

  /// Serves it there: one that any thread may adopt, and that has a place. After a failure it is
  /// dropped.
  void handle(ConnectionId id, ConnectionPtr accepted, Admission::Place place);
  /// How many it was given that have not ended.
  std::size_t open() const noexcept { return open_; }
  const Remote<LiveRelays>& live() const noexcept { return there_->live; }

 private:
  class Inside;
  struct Passing;
  struct There {
    Remote<Inside> inside;
    Remote<LiveRelays> live;
  };
  using Started = std::promise<Result<There>>;

  HandlerThread(Admission& admission, OnFailure on_failure);

  /// The thread.
  static void run(const Remote<HandlerThread>& home, Started started, const Handling& handling,
                  const Surroundings& around, const Admission& whole);

  void left();
  void failed(const Error& error);

  Admission* admission_;
  OnFailure on_failure_;
  std::size_t open_ = 0;
  bool has_failed_ = false;
  Reachable<HandlerThread> reachable_;
  std::optional<There> there_;
  std::thread thread_;
};

}  // namespace fid::service
