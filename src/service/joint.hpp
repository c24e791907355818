// SPDX-License-Identifier: MIT
#pragma once

#include "service/join.hpp"

#include <fid/task/event.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace fid::service {

/// Two connections while they are joined, without what only opening them needed: thousands of them
/// may be idle. What few of them have is behind pointers.
///
/// Shape: stays where it is; everything around it outlives it.
class Joint final : private RelayWatcher {
 public:
  Joint(ConnectionId id, JoinedSide a, JoinedSide b, const Surroundings& around,
        std::optional<TimePoint> deadline);
  Joint(const Joint&) = delete;
  Joint& operator=(const Joint&) = delete;
  ~Joint();

  ConnectionId id() const noexcept { return member_.id(); }
  /// Lets bytes pass. run() does that too, unless it was done.
  void start() { relay_.start(); }
  /// Whether a started one needs run() only once it has changed, as nothing in it is timed.
  bool can_rest() const { return !relay_.is_timed(); }
  Event& changed() noexcept { return relay_.changed(); }

 private:
  friend Task<JoinEndPtr> run(std::unique_ptr<Joint> joint);
  struct Messages;
  struct Views;
  struct Names;

  /// With what the relay is to know of the sides.
  Joint(ConnectionId id, JoinedSide& a, JoinedSide& b, const RelaySide& known_a,
        const RelaySide& known_b, const Surroundings& around, std::optional<TimePoint> deadline);

  void ended(Side from, std::uint64_t bytes) override;
  RelaySide relayed(Side which, const RelaySide& known) const;

  const Surroundings* around_;
  std::unique_ptr<Views> views_;
  std::unique_ptr<const Names> names_;
  std::unique_ptr<Children> children_;
  std::unique_ptr<Messages> messages_;  ///< instead of the streams
  StreamPtr a_;
  StreamPtr b_;
  Relay relay_;
  const LiveRelays::Member member_;
};

using JointPtr = std::unique_ptr<Joint>;

/// Runs it until it has ended, closes both connections, reports it, and waits for the commands
/// behind them to exit: see join().
Task<JoinEndPtr> run(JointPtr joint);

}  // namespace fid::service
