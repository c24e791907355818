// SPDX-License-Identifier: MIT
#pragma once

#include "cli/options.hpp"
#include "service/exit_status.hpp"

#include <fid/base/error.hpp>

#include <spdlog/logger.h>

#include <memory>
#include <optional>
#include <string_view>

namespace fid::cli {

using service::ExitStatus;

/// What a command may say: results on stdout, everything else on stderr.
///
/// A line on stderr begins with `fid: `. A time stamp stands before it only with -v and where
/// stderr is no terminal, since whatever collects such lines has none of its own. Colour is for
/// terminals only, and not where NO_COLOR is set or TERM is dumb.
class Console {
 public:
  Console();

  /// From the command line, once it is read: -q leaves errors, -v adds a line per connection, -vv
  /// traces.
  void configure(const OutputSettings& settings);

  /// The result a command is for, on stdout. A failure is remembered for finish().
  void print(std::string_view text);

  /// The one line for a failure: `fid: <endpoint>: <what>: <reason> (<code name>)`.
  void error(std::string_view endpoint, const Error& error);
  /// The same where no system call failed.
  void error(std::string_view where, std::string_view reason);

  /// For the parts below that say something on the way: info is -v, debug is -vv.
  spdlog::logger& log() { return *log_; }

  /// True if stderr is a terminal: progress may be drawn there.
  bool on_terminal() const noexcept { return on_terminal_; }

  /// Ends the output: `status`, unless a result could not be written, which is a failure.
  ExitStatus finish(ExitStatus status);

 private:
  std::shared_ptr<spdlog::logger> log_;
  std::optional<Error> unprinted_;
  bool on_terminal_ = false;
};

}  // namespace fid::cli
