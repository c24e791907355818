// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.hpp"
#include "cli/options.hpp"

#include <CLI/App.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fid::cli {

/// `fid listen ADDRESS [-k] [-- CMD ARG...]`: accepted connections joined to stdin and stdout, or
/// to a command each.
struct ListenSettings {
  std::string address;
  bool keep_open = false;
  bool no_stdin = false;
  When progress = When::never;
  std::optional<std::uint32_t> max_connections;
  std::optional<Duration> exit_idle_time;
  OutputSettings output;
  ListeningSettings listening;
  JoinSettings join;
  std::vector<std::string> command;  ///< the words after `--`; empty without it
};

extern const CommandText listen_text;

void declare_operands(CLI::App& app, ListenSettings& settings);
void declare_options(CLI::App& app, ListenSettings& settings);
ExitStatus run(const ListenSettings& settings, Console& console);

}  // namespace fid::cli
