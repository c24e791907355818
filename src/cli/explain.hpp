// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.hpp"

#include <CLI/App.hpp>

#include <string>
#include <vector>

namespace fid::cli {

/// `fid explain ADDRESS...`: how addresses are understood. Opens nothing.
struct ExplainSettings {
  std::vector<std::string> addresses;
};

extern const CommandText explain_text;

void declare_operands(CLI::App& app, ExplainSettings& settings);
ExitStatus run(const ExplainSettings& settings, Console& console);

}  // namespace fid::cli
