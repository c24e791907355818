// SPDX-License-Identifier: MIT
#include "cli/command_line.hpp"
#include "cli/console.hpp"
#include "cli/pages.hpp"

#include <fid/reactor/thread_signals.hpp>
#include <fid/sys/std_stream.hpp>

#include <exception>
#include <string>
#include <vector>

int main(int argc, char** argv) {
  using fid::cli::Console;
  using fid::service::ExitStatus;
  fid::fill_closed_standard_handles();
  // A reader of stdout that vanished is an error to report, not an end without a word.
  const fid::PipeSignalGuard no_pipe_signal;
  Console console;
  ExitStatus status = ExitStatus::internal;
  try {
    const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
    status = run_command_line(words, console, fid::cli::pages());
  } catch (const std::exception& bug) {
    console.error("internal fault", bug.what());
  }
  return to_int(console.finish(status));
}
