// SPDX-License-Identifier: MIT
#pragma once

#include <fid/reactor/readiness.hpp>

namespace fid::detail {

class ReaderWait : public Waiter {
 protected:
  ReaderWait() noexcept : Waiter(Interest::readable.mask()) {}
  ~ReaderWait() = default;
};

class WriterWait : public Waiter {
 protected:
  WriterWait() noexcept : Waiter(Interest::writable.mask()) {}
  ~WriterWait() = default;
};

/// A state machine between a reader and a writer, which waits for either or for both.
///
/// Cancellation: destroying it stops the waiting.
class TwoWaits : private ReaderWait, private WriterWait {
 protected:
  TwoWaits() noexcept = default;
  ~TwoWaits() = default;

  /// Something waited for has come, or the turn given way to: nothing is waited for any more.
  virtual void proceed() = 0;

  void wait_for_reader(Readiness& readiness) noexcept {
    readiness.wait(static_cast<ReaderWait&>(*this));
  }
  void wait_for_writer(Readiness& readiness, Ready wanted = Interest::writable.mask()) noexcept {
    WriterWait::set_wanted(wanted);
    readiness.wait(static_cast<WriterWait&>(*this));
  }
  /// Lets everything else that is ready run first.
  void give_way() { schedule(static_cast<ReaderWait&>(*this)); }

  void stop_waiting() noexcept {
    ReaderWait::unlink();
    WriterWait::unlink();
  }

 private:
  void run() final {
    stop_waiting();
    proceed();
  }
};

}  // namespace fid::detail
