// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/messages.hpp"

#include <fid/base/clock.hpp>
#include <fid/io/pump.hpp>
#include <fid/task/event.hpp>
#include <fid/task/task_group.hpp>

#include <cstddef>
#include <cstdint>

namespace fid::service {

/// One direction between two endpoints that carry messages: each arrives as it was sent, empty
/// ones too. What Pump is for bytes, with the same members.
///
/// Shape: stays where it is; both ends outlive it.
class MessagePump {
 public:
  MessagePump(endpoint::Messages& from, endpoint::Messages& to, Event& changed,
              const PumpOptions& options);

  void start() { running_.add(run()); }

  PumpEnd end() const noexcept { return end_; }
  bool running() const noexcept { return end_ == PumpEnd::running; }
  const Error& error() const noexcept { return error_; }
  std::uint64_t bytes() const noexcept { return bytes_; }
  std::size_t unsent() const noexcept { return unsent_; }
  TimePoint last_activity() const noexcept { return last_activity_; }

 private:
  Task<void> run();
  void finish(PumpEnd how, const Error& error = {});

  endpoint::Messages* from_;
  endpoint::Messages* to_;
  Event* changed_;
  PumpOptions options_;
  std::uint64_t bytes_ = 0;
  std::size_t unsent_ = 0;
  TimePoint last_activity_;
  Error error_;
  PumpEnd end_ = PumpEnd::running;
  TaskGroup running_;
};

}  // namespace fid::service
