// SPDX-License-Identifier: MIT
#pragma once

#include "cli/console.hpp"
#include "cli/pages.hpp"

#include <CLI/App.hpp>

#include <span>
#include <string>
#include <vector>

namespace fid::cli {

/// What reading a command's words came to.
struct Reading {
  bool help_wanted = false;
  std::string complaint;  ///< what is wrong with them; empty if nothing is
};

/// Reads `words` into what is declared on `app`. What follows `--` goes to `command`, if the
/// command takes one, and is not looked at.
Reading read_words(CLI::App& app, std::span<const std::string> words,
                   std::vector<std::string>* command);

/// Reads the words after the program's name, runs the command they ask for and returns its status.
/// A command line that is wrong is one line on stderr, with the nearest words, and status 2.
/// `manual` is what help can show besides.
ExitStatus run_command_line(std::span<const std::string> words, Console& console,
                            std::span<const Page> manual = {});

}  // namespace fid::cli
