// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/error.hpp>

#include <cstdint>
#include <string_view>

namespace fid::service {

/// What the program ends with; scripts tell causes apart by it. fid(1), EXIT STATUS
///
/// Any value from 0 to 255 may occur: a command's own status and 128+signal have no name here.
enum class ExitStatus : std::uint8_t {
  complete = 0,          ///< the work asked for is done and every accepted byte delivered
  failed = 1,            ///< a connection was up and then failed
  usage = 2,             ///< the command line or the configuration is wrong
  not_connected = 3,     ///< refused, unreachable, no such socket
  not_resolved = 4,      ///< the name has no address
  not_opened = 5,        ///< could not listen or open
  policy = 6,            ///< refused by a certificate, an allow list, a handshake
  wrong_answer = 7,      ///< the peer answered, but not as asked
  deadline = 124,        ///< a deadline passed
  internal = 125,        ///< a bug
  not_executable = 126,  ///< the command was found and cannot be run
  no_command = 127,      ///< the command was not found
};

/// What was being done when it failed.
enum class Stage : std::uint8_t {
  usage,     ///< reading the command line
  resolve,   ///< looking a name up
  connect,   ///< opening towards a peer
  listen,    ///< binding and listening
  open,      ///< opening a file, a FIFO, a descriptor
  accept,    ///< taking a connection
  transfer,  ///< moving bytes on an open connection
  exec,      ///< starting a command
  policy,    ///< checking a peer against what is allowed
  answer,    ///< reading what a peer was asked for
  deadline,  ///< waiting no longer than asked
};

/// The one table from causes to statuses. Where a deadline passed or a name had no address, that is
/// the cause, whatever was being done.
ExitStatus status_of(Stage stage, const Error& error);

/// The program ends because of a signal before its work was complete: 128 + its number.
ExitStatus ended_by_signal(int signal);

/// A command's own status: its exit code, or 128 + the signal that ended it.
ExitStatus command_status(int code);

/// The word for a stage, as in `fid: tcp://h:1: connect: ...`.
std::string_view name_of(Stage stage);

constexpr int to_int(ExitStatus status) {
  return static_cast<int>(status);
}

}  // namespace fid::service
