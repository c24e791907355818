// SPDX-License-Identifier: MIT
#pragma once

#include "cli/console.hpp"
#include "cli/options.hpp"

#include <CLI/App.hpp>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fid::cli {

/// A command whose options are declared: what they are read into, and what runs then.
struct Prepared {
  std::function<ExitStatus(Console&)> run;
  /// Owned by `run`, as is `command`; null if the command says nothing but its result.
  const OutputSettings* output = nullptr;
  /// Where the words after `--` go; null if the command takes none.
  std::vector<std::string>* command = nullptr;
};

/// What is said of a command besides its options; the rest of the help follows from those.
struct CommandText {
  std::string_view name;
  std::string_view summary;   ///< one line, as in `fid --help`
  std::string_view operands;  ///< as in the usage line
  std::string_view notes;     ///< a paragraph a line; may be empty
  std::string_view examples;  ///< a command a line, ready to paste
};

/// A subcommand: a row of the table, from which its help, completions and manual follow.
struct Command {
  const CommandText* text;
  Prepared (*declare)(CLI::App& app);
};

/// Every command, in the order of the help.
std::span<const Command> commands();

/// The command of this name, or null.
const Command* find_command(std::string_view name);

/// Declares the options of a command with `Settings`: there is a declare() and a run() for them.
template <class Settings>
Prepared prepare(CLI::App& app) {
  const auto settings = std::make_shared<Settings>();
  declare(app, *settings);
  Prepared prepared;
  prepared.run = [settings](Console& console) { return run(*settings, console); };
  if constexpr (requires { settings->output; }) prepared.output = &settings->output;
  if constexpr (requires { settings->command; }) prepared.command = &settings->command;
  return prepared;
}

}  // namespace fid::cli
