// SPDX-License-Identifier: MIT
#pragma once

#include "service/connection_end.hpp"
#include "service/exit_status.hpp"
#include "service/line_sink.hpp"

#include <fid/base/clock.hpp>
#include <fid/base/error.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace fid::service {

using ConnectionId = std::uint64_t;

/// A connection that was accepted or made.
struct Opened {
  std::string_view peer;
  std::string_view local;
  std::optional<UserId> uid = {};
  std::optional<GroupId> gid = {};
  Duration took{};
};

/// How much has passed: of one connection, or of all so far.
struct Totals {
  std::uint64_t open = 0;
  std::uint64_t accepted = 0;
  std::uint64_t a_to_b = 0;
  std::uint64_t b_to_a = 0;

  Totals& operator+=(const Totals& more) noexcept {
    open += more.open;
    accepted += more.accepted;
    a_to_b += more.a_to_b;
    b_to_a += more.b_to_a;
    return *this;
  }
};

/// The times an event is marked with.
struct EventClock {
  std::function<std::chrono::system_clock::time_point()> utc = std::chrono::system_clock::now;
  std::function<TimePoint()> steady = Clock::now;
};

/// What happens, one JSON object a line: for programs, as the log is for people. fid(1), EVENTS
///
/// Every line has `v` (1), `t` (UTC, nanoseconds since 1970), `m` (nanoseconds of a clock that is
/// never set), `ev`, and `id` if it is about one connection. Keys may be added; what one means
/// never changes within a version. Text that is not UTF-8 has its wrong bytes replaced by U+FFFD.
///
/// Shape: movable until several threads use it; off unless opened. A call while it is off returns
/// at once; where an argument is costly to make, ask is_on() first. Any thread may call: lines are
/// written whole, and in the order of their times. See LineSink for slow and vanished readers.
class Events {
 public:
  Events() = default;
  explicit Events(LineSink sink, EventClock clock = {});

  /// As in `--events`: `-`, a descriptor's number or a file; empty is off. That stdout carries no
  /// payload is the caller's to check.
  static Result<Events> open(std::string_view where);

  bool is_on() const noexcept {
    return output_ != nullptr && output_->is_open.load(std::memory_order_relaxed);
  }
  /// Writes what a slow reader has left waiting, as far as it takes it now.
  void flush();

  /// `mode` of a Unix socket's path.
  void listening(std::string_view url, std::optional<FileMode> mode = {});
  void ready(ProcessId pid, std::span<const std::string> urls);
  void accept(ConnectionId id, const Opened& opened);
  void connect(ConnectionId id, const Opened& opened);
  /// One direction has ended after `bytes`.
  void eof(ConnectionId id, Side from, std::uint64_t bytes);
  void stats(const Totals& totals);
  void stats(ConnectionId id, std::uint64_t a_to_b, std::uint64_t b_to_a);
  /// The `n`th attempt follows after `wait`.
  void retry(std::string_view url, unsigned n, Duration wait, const Error& cause);
  void close(ConnectionId id, const ConnectionEnd& end);
  void error(const Error& error, std::string_view url, std::optional<ConnectionId> id = {});
  /// No more is accepted; `left` connections may finish.
  void drain(int signal, std::uint64_t left);
  void exit(ExitStatus status);

 private:
  class Line;

  struct Output {
    explicit Output(LineSink lines) : sink(std::move(lines)), is_open(sink.is_open()) {}

    std::mutex turn;  ///< to write
    LineSink sink;
    std::atomic<bool> is_open;  ///< what the sink said last
  };

  std::unique_ptr<Output> output_;  ///< null if it was never opened
  EventClock clock_;
};

}  // namespace fid::service
