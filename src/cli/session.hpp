// SPDX-License-Identifier: MIT
#pragma once

#include "cli/console.hpp"
#include "cli/options.hpp"
#include "endpoint/endpoint.hpp"
#include "endpoint/inherited_listeners.hpp"
#include "endpoint/placement.hpp"
#include "service/announce.hpp"
#include "service/dial.hpp"
#include "service/join.hpp"
#include "service/shutdown.hpp"
#include "service/supervisor.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace fid::cli {

/// Reads an address of the command line; one that is wrong is told of, and none is returned.
std::optional<endpoint::Address> read_address(const std::string& text, endpoint::Place place,
                                              Console& console);

/// Which of the shared options a command has; those it lacks are null.
struct SessionSettings {
  const OutputSettings& output;
  const JoinSettings& join;
  const ListeningSettings* listening = nullptr;
  const ConnectingSettings* connecting = nullptr;
  When progress = When::never;
  std::optional<std::uint64_t> total = {};  ///< bytes that will pass, if that is known
  bool one_shot = true;                     ///< the work ends by itself
  bool uses_stdout = true;                  ///< payload goes there, so events may not
};

/// What the commands that join connections have in common while they run: where they report to,
/// whom they tell that they are ready, and the signals that end them.
///
/// Shape: stays where it is; made and used with a reactor in scope.
class Session {
 public:
  using Work = std::function<Task<service::Complaint>(Session&)>;

  /// Runs `work` on a reactor of its own, and says on stderr what it complains of.
  static ExitStatus run(Console& console, const SessionSettings& settings, const Work& work);

  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  const service::Surroundings& around() const noexcept { return around_; }
  service::Events& events() noexcept { return events_; }
  service::Shutdown& shutdown() noexcept { return *shutdown_; }
  const SessionSettings& settings() const noexcept { return settings_; }

  /// For opening an endpoint, with bytes to go that way.
  service::DialSettings dialing(endpoint::Access access = endpoint::Access::both) const;

  /// Listens; says so in the events.
  Task<endpoint::ListenerPtr> listen(const endpoint::Address& address);
  /// Everything listens: tells whoever waits for it. Gives a complaint if that cannot be done.
  std::optional<service::Complaint> announce(const std::vector<std::string>& urls);

  /// Opens one side of a one-shot command: connects, or takes a client from `listener`, which may
  /// be null.
  Task<endpoint::ConnectionPtr> open(service::ConnectionId id, const endpoint::Address& address,
                                     endpoint::Access access, endpoint::ListenerPtr listener);

 private:
  Session(Console& console, const SessionSettings& settings);

  Task<service::Complaint> supervised(const Work& work);
  Task<void> keep_watchdog_quiet();
  bool shows_progress() const;

  Console& console_;
  SessionSettings settings_;
  service::Events events_;
  service::LiveRelays live_;
  std::optional<service::Dump> dump_;
  service::Supervisor supervisor_;
  endpoint::InheritedListeners inherited_;
  std::optional<service::ReadyDescriptor> ready_;
  std::optional<service::PortFile> port_file_;
  std::optional<service::Shutdown> shutdown_;
  service::Surroundings around_;
};

/// The complaint about an address that could not be opened, or listened on.
service::Complaint complaint_at(const endpoint::Address& address, const Error& error);

}  // namespace fid::cli
