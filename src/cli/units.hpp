// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/clock.hpp>

#include <CLI/App.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Numbers and quantities, read the same way by every command; those with a unit in addresses too.
/// endpoint/units.hpp
namespace fid::cli {

CLI::Option* add_duration(CLI::App& app, const std::string& names, Duration& into,
                          const std::string& help);
CLI::Option* add_duration(CLI::App& app, const std::string& names, std::optional<Duration>& into,
                          const std::string& help);
CLI::Option* add_size(CLI::App& app, const std::string& names, std::optional<std::uint64_t>& into,
                      const std::string& help);

/// `word` as a whole number, if it is nothing else.
std::optional<int> whole_number(std::string_view word);
/// Refuses, in one line, what is not a whole number of at least `least`.
CLI::Validator at_least(int least);

}  // namespace fid::cli
