// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.hpp"

#include <CLI/App.hpp>

#include <string>
#include <string_view>

/// The help, made from the same declarations that read the command line. 80 columns wide.
namespace fid::cli {

/// Of what is no row of the table of commands, a line each.
inline constexpr std::string_view help_summary = "show the options of a command, with examples";
inline constexpr std::string_view help_flag_summary = "show this help";
inline constexpr std::string_view version_flag_summary =
    "show the version, and what it was built with";

/// What holds for every command's options: -h, and that the last one given wins.
void configure(CLI::App& app);

/// `fid --help`: the commands and where to read on.
std::string overview();

/// `fid COMMAND --help`, for a command whose options are declared on `app`.
std::string help(const CommandText& text, const CLI::App& app);

}  // namespace fid::cli
