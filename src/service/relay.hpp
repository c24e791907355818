// SPDX-License-Identifier: MIT
#pragma once

#include "service/connection_end.hpp"
#include "service/message_pump.hpp"
#include "service/transfer_settings.hpp"

#include <fid/base/clock.hpp>
#include <fid/base/error.hpp>
#include <fid/io/pump.hpp>
#include <fid/io/stream.hpp>
#include <fid/task/event.hpp>
#include <fid/task/task.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <variant>

namespace fid::service {

/// One of the two sides of a relay.
struct RelaySide {
  Stream* stream = nullptr;
  endpoint::Messages* messages = nullptr;  ///< instead, if both sides carry messages
  EndOfInput eof = EndOfInput::half;       ///< what its end means; see IgnoredEnd for `ignore`
  std::optional<Duration> linger;          ///< how long the other side may go on after its end
  bool tells_end = true;                   ///< false: it may never end by itself, as datagrams
  bool may_stop_reading = false;           ///< and then go on writing: a command does as it likes
  PumpObserver* observer = nullptr;        ///< sees what is read from it
};

/// Is told what happens to a relay while it runs.
class RelayWatcher {
 public:
  /// The direction from this side came to its end after so many bytes.
  virtual void ended(Side from, std::uint64_t bytes) = 0;

 protected:
  ~RelayWatcher() = default;
};

/// How a relay ended, and with which failure of the side named by `end.by`, if there was one.
struct RelayEnd {
  ConnectionEnd end;
  std::optional<Error> error;
};

/// Two streams, or two that carry messages, joined until both directions have ended, a limit is
/// reached, or it is cut.
///
///     what happens                     | then
///     a side ends, eof=half            | the other's write direction is shut down; the other
///                                      |   side goes on, as long as its linger allows
///     a side ends, eof=close           | the relay ends
///     reading a side fails             | the relay ends
///     writing a side fails             | what that side still says is passed on, if it is a
///                                      |   command, or one connection, whose end the system
///                                      |   tells; then it ends
///     a limit of time or bytes; cut()  | the relay ends; what was read and not written is unsent
///
/// Whenever it ends, what had been read was written, or is counted as unsent. A side that nobody
/// listens to (any more) is read all the same and what it says thrown away, if it is a command,
/// which may not read on before somebody does, or a connection: closing one with bytes unread makes
/// the system drop what it has not yet sent. For that reason run() also waits, unless it was cut,
/// until the systems of those who still speak have taken all that was written to them; the limits
/// of time hold on.
///
/// Shape: stays where it is; streams and settings outlive it. The counts may be read at any time.
class Relay {
 public:
  /// `deadline` is where `settings.timeout` ends, if it began before this.
  Relay(const RelaySide& a, const RelaySide& b, const TransferSettings& settings,
        RelayWatcher* watcher = nullptr, std::optional<TimePoint> deadline = {});
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;
  ~Relay();

  /// Lets bytes pass. run() does that too, unless it was done.
  void start();
  /// Runs until it has ended. Once.
  Task<void> run();
  /// How it ended, once run() has.
  const RelayEnd& result() const noexcept;

  /// For an owner of many relays that has no coroutine to spare for each: if a started one is not
  /// timed, run() has nothing to do until it has changed.
  bool is_timed() const { return next_limit().has_value(); }
  Event& changed() noexcept { return changed_; }

  /// Ends it from outside, for this reason: a signal, the end of draining.
  void cut(CloseReason reason);

  std::uint64_t a_to_b() const noexcept;
  std::uint64_t b_to_a() const noexcept;
  /// Where `settings.timeout` ends.
  std::optional<TimePoint> deadline() const noexcept;

 private:
  /// What moves the contents of one direction.
  class Transfer {
   public:
    Transfer(const RelaySide& from, const RelaySide& to, Stream* discard, Event& changed,
             std::uint64_t& allowance);

    void start();
    /// Lets go of what it holds, and forgets its counts.
    void stop();
    PumpEnd end() const noexcept;
    bool running() const noexcept { return end() == PumpEnd::running; }
    Error error() const noexcept;
    std::uint64_t bytes() const noexcept;
    std::size_t unsent() const noexcept;
    TimePoint last_activity() const noexcept;

   private:
    // Bytes are what nearly all relays carry: only for them there is room in every one.
    std::variant<std::monostate, Pump, std::unique_ptr<MessagePump>> pump_;
  };

  /// One direction, and what is to be known of the side it comes from: see RelaySide.
  struct Flow {
    Flow(const RelaySide& from, const RelaySide& to, bool wanted, Relay& relay);

    Transfer pump;
    Stream* stream;
    Duration linger;
    EndOfInput eof;
    bool tells_end;
    bool may_stop_reading;
    bool wanted;
    bool noticed = false;  ///< that it has ended
  };

  /// What there is only from the first end or failure on.
  struct Ending;

  /// A point in time, and what the relay ends with then.
  struct Limit {
    TimePoint at;
    CloseReason reason;
  };

  bool goes_on();
  bool is_over() const noexcept;
  bool was_cut() const noexcept;
  void look();
  void notice(Flow& flow, const Flow& back);
  void failed(Flow& flow, const Flow& back);
  void throw_away(Flow& flow);
  std::optional<Limit> next_limit() const;
  TimePoint last_activity() const noexcept;
  void expire(CloseReason reason);
  void end(CloseReason reason, Side by, std::optional<Error> error = {});
  Task<void> hand_over();
  bool still_speaks(const Flow& flow) const;
  std::size_t owed() const;
  void lose(std::size_t bytes);

  Side from(const Flow& flow) const noexcept { return &flow == &a_to_b_ ? Side::a : Side::b; }
  Side to(const Flow& flow) const noexcept { return &flow == &a_to_b_ ? Side::b : Side::a; }
  Ending& ending();
  /// What reads on from where the flow's pump ended, for nobody; null if there is none.
  std::unique_ptr<Pump>& leftovers(const Flow& flow);
  const Pump* leftovers(const Flow& flow) const noexcept;

  const TransferSettings* settings_;
  RelayWatcher* watcher_;
  std::unique_ptr<Stream> discard_;      ///< takes what a side says that is not wanted
  [[no_unique_address]] Event changed_;  // which leaves room for
  bool started_ = false;
  std::uint64_t allowance_;  ///< bytes that may still be read, both directions together
  Flow a_to_b_;
  Flow b_to_a_;
  TimePoint began_;
  TimePoint deadline_;  ///< the greatest there is, for none
  std::unique_ptr<Ending> ending_;
};

}  // namespace fid::service
