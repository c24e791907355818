// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.hpp"

#include <CLI/App.hpp>

#include <string>

/// The help, made from the same declarations that read the command line. 80 columns wide.
namespace fid::cli {

/// What holds for every command's options: -h, and that the last one given wins.
void configure(CLI::App& app);

/// `fid --help`: the commands and where to read on.
std::string overview();

/// `fid COMMAND --help`, for a command whose options are declared on `app`.
std::string help(const CommandText& text, const CLI::App& app);

}  // namespace fid::cli
