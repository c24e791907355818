// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.hpp"
#include "cli/options.hpp"
#include "service/load/settings.hpp"

#include <CLI/App.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace fid::cli {

/// `fid bench TARGET`: load on an address, and what became of it.
struct BenchSettings {
  std::string target;
  std::string far;
  bool relay = false;
  service::load::Settings load;
  std::optional<std::uint64_t> size;  ///< unset: the mode's own
  std::optional<std::uint32_t> rate;
  bool json = false;
  std::string svg;
  When progress = When::automatic;
  OutputSettings output;
  ConnectingSettings connecting;
};

extern const CommandText bench_text;

void declare_operands(CLI::App& app, BenchSettings& settings);
void declare_options(CLI::App& app, BenchSettings& settings);
ExitStatus run(const BenchSettings& settings, Console& console);

}  // namespace fid::cli
