// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <mutex>
#include <vector>

namespace fid {

class Selector;

/// What other threads ask a reactor to do. Outlives the reactor as long as a thread holds it.
class Mailbox {
 public:
  explicit Mailbox(Selector& selector) noexcept : selector_(&selector) {}

  /// Has `action` run on the reactor's thread. Dropped if the reactor has gone. Any thread.
  void post(std::function<void()> action);

  /// Runs what was posted; the reactor's thread only.
  void run();
  /// Takes nothing more.
  void close();

 private:
  std::mutex mutex_;
  Selector* selector_;
  std::vector<std::function<void()>> actions_;
};

}  // namespace fid
