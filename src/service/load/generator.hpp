// SPDX-License-Identifier: MIT
#pragma once

#include "service/dial.hpp"
#include "service/join.hpp"
#include "service/load/far_end.hpp"
#include "service/load/outcome.hpp"
#include "service/load/pace.hpp"

#include <fid/task/event.hpp>
#include <fid/task/task.hpp>

#include <ctime>
#include <deque>
#include <optional>
#include <string>

namespace fid::service::load {

/// Puts load on an address, and measures what becomes of it.
///
///     open all connections -> warm up -> measure -> let what is under way end, and in bulk arrive
///
/// Conversations, which open connections of their own, begin with the warm-up.
///
/// Shape: stays where it is; what it is given outlives it.
class Generator {
 public:
  /// What it puts load on.
  struct Place {
    const endpoint::Address& target;
    const DialSettings& dialing;
    Events& events;
    const FarEnd* far;  ///< null where no relay is measured
  };
  Generator(const Place& place, const Settings& settings);

  /// Makes the load to its end; gives a complaint unless all is well.
  /// Cancellation: ends it; outcome() has what was measured until then.
  Task<Complaint> run();

  /// At any time.
  Progress progress() const;
  /// What was measured: all of it, or as far as it has come. Empty while warming up.
  Outcome outcome() const;

 private:
  /// One connection at a time.
  struct Lane {
    std::uint64_t number = 0;
    StreamPtr stream;  ///< null between conversations
    Pace pace;
    std::optional<TimePoint> begun;  ///< from when the operation under way counts
  };

  Task<void> open_all();
  Task<void> open_next(std::size_t& next);
  Task<void> drive(Lane& lane);
  Task<void> work_of(Lane& lane);
  Task<void> play(Lane& lane);
  Task<void> converse(Lane& lane);
  Task<void> one_conversation(Bytes message, MutableBytes reply);
  Task<void> exchange(Stream& stream, Bytes message, MutableBytes reply);
  Task<void> send(Lane& lane);
  Task<void> write_all_the_time(Lane& lane);
  Task<void> receive(Lane& lane);
  Task<TimePoint> begin_next(Lane& lane, TimePoint now);
  Task<void> given_up();
  Task<void> at_rest();
  Task<void> await_rest();
  Task<Complaint> await_arrival();

  void begin_measuring();
  void end_measuring();
  bool is_over() const noexcept { return measured_until_.has_value(); }
  bool is_busy() const noexcept;
  void ended(Lane& lane);
  void count_operation(Lane& lane, TimePoint now);
  void count_failure(const Error& error);
  void give_up(Complaint complaint);
  Complaint failed_at(Stage stage, const Error& error) const;
  std::uint64_t bytes_so_far() const noexcept;

  const Place place_;
  const Settings settings_;

  std::deque<Lane> lanes_;
  Buffer shared_;  ///< what is dropped is read into it
  Event give_up_;
  Event rests_;  ///< it is over, and nothing is under way any more
  Complaint complaint_;
  bool ever_answered_ = false;
  std::uint64_t sent_ = 0;  ///< in bulk, from the beginning; as `received_`
  std::uint64_t received_ = 0;
  std::optional<Error> first_failure_;

  TimePoint started_{};
  std::optional<TimePoint> measuring_since_;
  std::optional<TimePoint> measured_until_;
  std::uint64_t bytes_before_ = 0;
  std::uint64_t bytes_after_ = 0;
  std::clock_t cpu_before_ = 0;
  std::clock_t cpu_after_ = 0;
  std::uint64_t operations_ = 0;
  std::uint64_t failures_ = 0;
  std::uint64_t unanswered_ = 0;
  Histogram latency_;
};

}  // namespace fid::service::load
