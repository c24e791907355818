// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.hpp"

#include <CLI/App.hpp>

#include <string>
#include <vector>

namespace fid::cli {

/// `fid completion SHELL` prints what a shell reads once; `fid completion -- WORD...` is what that
/// asks whenever someone types TAB.
struct CompletionSettings {
  std::string shell;
  std::vector<std::string> command;  ///< the words so far; the last is being typed
};

extern const CommandText completion_text;

void declare_operands(CLI::App& app, CompletionSettings& settings);
ExitStatus run(const CompletionSettings& settings, Console& console);

}  // namespace fid::cli
