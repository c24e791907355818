// SPDX-License-Identifier: MIT
#pragma once

#include <fid/reactor/interest.hpp>
#include <fid/task/run_queue.hpp>

#include <cstdint>

namespace fid {

/// Waits for one of some states. When one holds it is moved to the reactor's run queue.
class Waiter : public Runnable {
 public:
  explicit Waiter(Ready wanted) noexcept : wanted_(wanted) {}
  explicit Waiter(Interest interest) noexcept : wanted_(interest.mask()) {}
  Ready wanted() const noexcept { return wanted_; }

 protected:
  /// Only while it is on no list.
  void set_wanted(Ready wanted) noexcept { wanted_ = wanted; }
  ~Waiter() = default;

 private:
  Ready wanted_;
};

/// The cached readiness of one stream or handle, and who waits for it (G4-G8).
///
///     what happened                      | effect on the cache
///     the selector reports states        | they are added; every waiter they satisfy is woken
///     a call reported would-block        | the states of its direction go, if the tick is the
///                                        |   one seen before the call; closed ones stay, unless
///                                        |   this is a FIFO, which may get a new peer
///     a stream call moved less than asked| as above, but closed ones always stay: an edge will
///                                        |   follow. Not while urgent data is queued: a read
///                                        |   stops at its mark, without an edge; nor where calls
///                                        |   move pieces, whatever is queued, as reads of a FIFO
///                                        |   may
///     anything else                      | none
///     the reactor stopped                | every waiter is woken and fails, now and later
///
/// Besides what the selector said, an asynchronous operation trusts `presumed` states: those of a
/// new socket, on which trying first is harmless. try_ calls do not (G7), nor do FIFOs (G27).
class Readiness {
 public:
  /// How to take the closed states, which the kernel's bits do not tell alike for every kind.
  enum class Kind : std::uint8_t {
    stream,    ///< closed states are final
    fifo,      ///< closed states end when a new peer comes
    datagram,  ///< has none: an ICMP error looks like one (G26)
    pieces,    ///< as a stream, but a call may move less than is there: a terminal gives one line,
               ///< a Unix socket stops where descriptors came along
  };

  explicit Readiness(Kind kind = Kind::stream, Ready presumed = {}) noexcept
      : presumed_(presumed), kind_(kind) {}
  Readiness(const Readiness&) = delete;
  Readiness& operator=(const Readiness&) = delete;

  Ready ready() const noexcept { return ready_; }
  bool has(Interest interest) const noexcept { return !(ready_ & interest.mask()).is_empty(); }
  /// Whether an operation should make its attempt now.
  bool worth_trying(Interest interest) const noexcept {
    return !((ready_ | presumed_) & interest.mask()).is_empty();
  }
  /// Counts the selector's reports; clear() needs the one seen before the call.
  std::uint32_t tick() const noexcept { return tick_; }
  bool stopped() const noexcept { return stopped_; }
  Kind kind() const noexcept { return kind_; }

  /// New states; wakes who waits for them.
  void set(Ready ready);
  /// A call made at `tick` reported would-block.
  void clear(Interest interest, std::uint32_t tick) noexcept;
  void clear(Interest interest) noexcept { clear(interest, tick_); }
  /// Takes exactly these states away, closed ones too, if nothing was reported since `tick`.
  void clear(Ready states, std::uint32_t tick) noexcept;
  /// A call on a byte stream moved less than was asked for.
  void clear_short(Interest interest) noexcept;

  /// The waiter is told once, and no more after it is destroyed.
  void wait(Waiter& waiter) noexcept { waiters_.push_back(waiter); }
  void stop();

  /// For a new tenant of the same storage.
  void reset(Kind kind, Ready presumed) noexcept;

 private:
  LinkedList<Waiter> waiters_;
  std::uint32_t tick_ = 0;
  Ready ready_;
  Ready presumed_;
  Kind kind_;
  bool stopped_ = false;
};

}  // namespace fid
