// SPDX-License-Identifier: MIT
#pragma once

#include <fid/reactor/readiness.hpp>

#include <memory>

namespace fid::detail {

/// A state machine between a reader and a writer, which waits for either or for both.
///
/// Shape: movable until it waits. Few ever wait for both at once: only those have two waiters.
/// Cancellation: destroying it stops the waiting.
class TwoWaits : private Waiter {
 protected:
  TwoWaits() noexcept : Waiter(Ready()) {}
  TwoWaits(TwoWaits&&) noexcept = default;
  TwoWaits& operator=(TwoWaits&&) noexcept = default;
  ~TwoWaits() = default;

  /// Something waited for has come, or the turn given way to: nothing is waited for any more.
  virtual void proceed() = 0;

  void wait_for_reader(Readiness& readiness) { wait(readiness, Interest::readable.mask()); }
  void wait_for_writer(Readiness& readiness, Ready wanted = Interest::writable.mask()) {
    wait(readiness, wanted);
  }
  /// Lets everything else that is ready run first.
  void give_way() { schedule(*this); }

  void stop_waiting() noexcept {
    unlink();
    if (second_) second_->unlink();
  }

 private:
  class Second final : public Waiter {
   public:
    explicit Second(TwoWaits& owner) noexcept : Waiter(Ready()), owner_(&owner) {}
    using Waiter::set_wanted;

   private:
    void run() override { owner_->run(); }
    TwoWaits* owner_;
  };

  void wait(Readiness& readiness, Ready wanted) {
    if (!is_linked()) {
      set_wanted(wanted);
      return readiness.wait(*this);
    }
    if (!second_) second_ = std::make_unique<Second>(*this);
    second_->set_wanted(wanted);
    readiness.wait(*second_);
  }

  void run() final {
    stop_waiting();
    proceed();
  }

  std::unique_ptr<Second> second_;
};

}  // namespace fid::detail
