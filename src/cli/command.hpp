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

/// How much of a command is declared. Words that hold no option are read without any: declaring
/// them all takes as long as all else that a short call does.
enum class Declared { everything, operands };

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
  Prepared (*declare)(CLI::App& app, Declared what);
};

/// Every command, in the order of the help.
std::span<const Command> commands();

/// The command of this name, or null.
const Command* find_command(std::string_view name);

/// Declares what a command with `Settings` takes: there is a declare_operands() and a run() for
/// them, and if it has options, a declare_options().
template <class Settings>
void declare(CLI::App& app, Settings& settings, Declared what) {
  declare_operands(app, settings);
  if constexpr (requires { declare_options(app, settings); }) {
    if (what == Declared::everything) declare_options(app, settings);
  }
}

template <class Settings>
Prepared prepare(CLI::App& app, Declared what) {
  const auto settings = std::make_shared<Settings>();
  declare(app, *settings, what);
  Prepared prepared;
  prepared.run = [settings](Console& console) { return run(*settings, console); };
  if constexpr (requires { settings->output; }) prepared.output = &settings->output;
  if constexpr (requires { settings->command; }) prepared.command = &settings->command;
  return prepared;
}

}  // namespace fid::cli
