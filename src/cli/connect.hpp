// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.hpp"
#include "cli/options.hpp"

#include <CLI/App.hpp>

#include <string>

namespace fid::cli {

/// `fid connect ADDRESS`: stdin and stdout joined to a connection.
struct ConnectSettings {
  std::string address;
  bool no_stdin = false;
  When progress = When::never;
  OutputSettings output;
  ConnectingSettings connecting;
  JoinSettings join;
};

extern const CommandText connect_text;

void declare_operands(CLI::App& app, ConnectSettings& settings);
void declare_options(CLI::App& app, ConnectSettings& settings);
ExitStatus run(const ConnectSettings& settings, Console& console);

}  // namespace fid::cli
