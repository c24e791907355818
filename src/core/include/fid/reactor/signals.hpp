// SPDX-License-Identifier: MIT
#pragma once

#include <fid/reactor/operation.hpp>
#include <fid/reactor/registration.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace fid {

/// The signals a program waits for, or sends to a child.  signal(7)
enum class Signal : std::uint8_t {
  hang_up,
  interrupt,
  quit,
  kill,  ///< cannot be waited for
  user1,
  user2,
  terminate,
  child_exit,
  resume,
  window_change,
};

/// A set of signals: `Signal::interrupt | Signal::terminate`.
class SignalSet {
 public:
  constexpr SignalSet() noexcept = default;
  constexpr SignalSet(Signal one) noexcept : bits_(1U << static_cast<unsigned>(one)) {}

  constexpr bool empty() const noexcept { return bits_ == 0; }
  constexpr bool contains(Signal one) const noexcept { return (bits_ & SignalSet(one).bits_) != 0; }

  friend constexpr SignalSet operator|(SignalSet a, SignalSet b) noexcept {
    a.bits_ |= b.bits_;
    return a;
  }
  constexpr SignalSet& operator|=(SignalSet other) noexcept { return *this = *this | other; }
  friend constexpr bool operator==(SignalSet, SignalSet) = default;

 private:
  std::uint32_t bits_ = 0;
};

constexpr SignalSet operator|(Signal a, Signal b) noexcept {
  return SignalSet(a) | SignalSet(b);
}

/// The system's number: 15 for `terminate`.
int signal_number(Signal signal) noexcept;
/// None for a number that has no name here.
std::optional<Signal> signal_of(int number) noexcept;
/// "SIGTERM"; for a number without a name "signal 99".
std::string signal_name(int number);

/// Whether the process was started with the signal ignored, as nohup(1) does with `hang_up`.
/// Signals reports it all the same: leave it out of the set to respect the wish.
bool is_ignored(Signal signal) noexcept;

/// Gives the thread what a program expects to be started with: no signal blocked, SIGPIPE deadly.
/// For a process that is about to replace itself by another program; children started by
/// Process::start() need nothing.
void reset_signals() noexcept;

class Signals;

/// Waits for the next signal. Cancelling it takes none.
class SignalOp final : public Awaits<SignalOp> {
 public:
  explicit SignalOp(Signals& from) noexcept;
  Signal await_resume() const noexcept { return signal_; }

 private:
  Attempt attempt() noexcept override;

  Signals* from_;
  Signal signal_ = Signal::terminate;
};

/// Signals as something to await instead of handlers.  signalfd(2)
///
/// Blocks its signals in the calling thread while it lives, and puts the mask back when it goes;
/// one that came meanwhile and was not taken then has its usual effect. Threads made afterwards
/// inherit the mask. One that does not block them takes the process's signals away from here, so
/// make it before any other thread; those of the library block everything.
///
/// The same signal sent again before it is taken is reported once: several children may have ended
/// when one child_exit arrives.
///
/// Shape: movable; belongs to the thread, and the reactor, it was made in.
class Signals {
 public:
  /// Fails with invalid_argument for an empty set or one that contains `kill`.
  static Result<Signals> create(SignalSet set, Caller caller = Caller::here());

  Signals(Signals&& other) noexcept
      : io_(std::move(other.io_)), blocked_(std::exchange(other.blocked_, {})) {}
  Signals& operator=(Signals&&) = delete;
  ~Signals();

  SignalOp next() noexcept { return SignalOp(*this); }

 private:
  friend class SignalOp;
  Signals(Registration io, SignalSet blocked) noexcept : io_(std::move(io)), blocked_(blocked) {}

  Result<Signal> take() noexcept;

  Registration io_;
  SignalSet blocked_;  // those that were not blocked before
};

inline SignalOp::SignalOp(Signals& from) noexcept
    : Awaits(from.io_.readiness(), Interest::readable), from_(&from) {}

}  // namespace fid
