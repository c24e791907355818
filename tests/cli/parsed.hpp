// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.hpp"
#include "cli/command_line.hpp"
#include "cli/usage.hpp"

#include <CLI/CLI.hpp>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fid::cli {

/// Reads `words` as the command with these settings would.
template <class Settings>
Reading read_into(Settings& settings, const std::vector<std::string>& words) {
  CLI::App app;
  configure(app);
  declare(app, settings, Declared::everything);
  std::vector<std::string>* command = nullptr;
  if constexpr (requires { settings.command; }) command = &settings.command;
  return read_words(app, words, command);
}

/// The settings of a command line that is right.
template <class Settings>
Settings parsed(const std::vector<std::string>& words) {
  Settings settings;
  const Reading reading = read_into(settings, words);
  EXPECT_EQ(reading.complaint, "");
  EXPECT_FALSE(reading.help_wanted);
  return settings;
}

/// What is said of a command line that is wrong.
template <class Settings>
std::string complaint(const std::vector<std::string>& words) {
  Settings settings;
  return read_into(settings, words).complaint;
}

}  // namespace fid::cli
