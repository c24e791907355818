// SPDX-License-Identifier: MIT
#pragma once

#include <fid/task/task.hpp>

#include <cstddef>
#include <functional>
#include <memory>

namespace fid::test {

/// An operation that is to be destroyed while it waits, and what is around it.
class Cancellable {
 public:
  virtual ~Cancellable() = default;

  /// Sets the scene.
  virtual Task<void> prepare() { co_return; }
  /// What is destroyed.
  virtual Task<void> operation() = 0;
  /// Makes something happen that it waits for.
  virtual void go_on() {}
  /// How many descriptors go_on() has opened since prepare(), and still has.
  virtual int opened() const { return 0; }
  /// Whether a worker's call goes on until check() makes it end.
  virtual bool keeps_worker() const { return false; }
  /// After it is gone: what became of the data, and what still works.
  virtual Task<void> check() { co_return; }
};

/// Runs the operation until it has gone on `steps` times, destroys it where it waits, and checks
/// what it left: nothing more is registered, timed, to be run, or open than before. That nobody
/// waits any more shows when check() makes things happen. False: it had ended by then.
Task<bool> cancelled_after(Cancellable& world, int steps);

/// Destroys the operation at each of its suspensions, each time in a world of its own, and expects
/// there to be at least so many.
void destroy_at_each_suspension(const std::function<std::unique_ptr<Cancellable>()>& make,
                                int at_least = 1);

template <class World>
void destroy_at_each_suspension(int at_least = 1) {
  destroy_at_each_suspension([] { return std::make_unique<World>(); }, at_least);
}

}  // namespace fid::test
