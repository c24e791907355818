// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.hpp"
#include "cli/options.hpp"

#include <CLI/App.hpp>

#include <string>

namespace fid::cli {

/// `fid bridge A B`: any two endpoints, joined once.
struct BridgeSettings {
  std::string a;
  std::string b;
  When progress = When::never;
  OutputSettings output;
  ListeningSettings listening;
  ConnectingSettings connecting;
  JoinSettings join;
};

extern const CommandText bridge_text;

void declare_operands(CLI::App& app, BridgeSettings& settings);
void declare_options(CLI::App& app, BridgeSettings& settings);
ExitStatus run(const BridgeSettings& settings, Console& console);

}  // namespace fid::cli
