// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/clock.hpp>

#include <CLI/App.hpp>

#include <cstdint>
#include <optional>
#include <string>

/// Options with a unit, read the same way by every command and in addresses.
/// endpoint/units.hpp
namespace fid::cli {

CLI::Option* add_duration(CLI::App& app, const std::string& names, Duration& into,
                          const std::string& help);
CLI::Option* add_duration(CLI::App& app, const std::string& names, std::optional<Duration>& into,
                          const std::string& help);
CLI::Option* add_size(CLI::App& app, const std::string& names, std::optional<std::uint64_t>& into,
                      const std::string& help);

/// A whole number from `least` on, said so in one line.
CLI::Validator at_least(int least);

}  // namespace fid::cli
