// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.hpp"
#include "cli/options.hpp"

#include <CLI/App.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace fid::cli {

/// `fid relay LISTEN TARGET`: a connection to TARGET for each one accepted on LISTEN.
struct RelaySettings {
  std::string listen;
  std::string target;
  std::optional<std::uint32_t> max_connections;
  std::optional<Duration> exit_idle_time;
  std::size_t threads = 1;
  OutputSettings output;
  ListeningSettings listening;
  ConnectingSettings connecting;
  JoinSettings join;
};

extern const CommandText relay_text;

void declare_operands(CLI::App& app, RelaySettings& settings);
void declare_options(CLI::App& app, RelaySettings& settings);
ExitStatus run(const RelaySettings& settings, Console& console);

}  // namespace fid::cli
