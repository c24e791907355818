// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/endpoint.hpp"
#include "service/children.hpp"
#include "service/dump.hpp"
#include "service/events.hpp"
#include "service/exit_status.hpp"
#include "service/live_relays.hpp"
#include "service/relay.hpp"
#include "service/transfer_settings.hpp"

#include <fid/sys/process.hpp>

#include <spdlog/logger.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace fid::service {

/// What went wrong, for the one line on stderr and the exit status.
struct Complaint {
  ExitStatus status = ExitStatus::complete;
  std::string where;  ///< the address it happened at
  Error error;
  std::string text;  ///< in place of `error`, where no system call failed
};

/// Where everything that joins connections reports to. Outlives what it is given to.
struct Surroundings {
  Events& events;
  spdlog::logger& log;
  LiveRelays& live;
  const TransferSettings& transfer;
  Dump* dump = nullptr;  ///< shows what passes, if there is one
};

/// An open connection, and the address it came from.
struct JoinedSide {
  JoinedSide(const endpoint::Address& from, endpoint::ConnectionPtr open)
      : address(from), connection(std::move(open)) {}

  const endpoint::Address& address;
  endpoint::ConnectionPtr connection;
};

/// How two connections that were joined ended. Behind a pointer: tasks that wait for it have no
/// room for it in their frames.
struct JoinEnd {
  RelayEnd relay;
  /// The command behind one of them failed, and not because it was made to end.
  std::optional<CommandExit> failed_command;
  /// Why one was made to, though the connection itself had come to its end.
  std::optional<CloseReason> command_cut;
};

using JoinEndPtr = std::unique_ptr<const JoinEnd>;

/// Joins two connections until they are done, with the options of their addresses before the
/// general settings; reports each direction's end and the whole, and waits for the commands behind
/// them to exit. If the connection is cut, or they outlast `deadline`, they are made to end.
///
/// `deadline` is that of `--timeout`, if there is one.
Task<JoinEndPtr> join(ConnectionId id, JoinedSide a, JoinedSide b, const Surroundings& around,
                      std::optional<TimePoint> deadline);

/// Where `--timeout` ends, counted from now.
std::optional<TimePoint> deadline_of(const TransferSettings& settings);

/// What a one-shot command says and ends with after join(); nothing if all is well.
std::optional<Complaint> complaint_of(const JoinEnd& end, const std::string& a,
                                      const std::string& b, const TransferSettings& settings);

/// The command at this address failed; its status is the one to end with.
Complaint command_failed(std::string where, const ExitCode& code);

/// `--timeout` is over, at this address.
Complaint timed_out(std::string where);

}  // namespace fid::service
