// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/placement.hpp"

#include <CLI/App.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Operands that name something of ours. CLI11 keeps what they name as their type, where
/// completions find it; help shows the type of options only.
namespace fid::cli {

/// An address, and where it stands.
CLI::Option* add_address(CLI::App& app, const std::string& name, std::string& into,
                         endpoint::Place place, const std::string& help);
CLI::Option* add_addresses(CLI::App& app, const std::string& name, std::vector<std::string>& into,
                           const std::string& help);

/// The name of a kind of address.
CLI::Option* add_kinds(CLI::App& app, const std::string& name, std::vector<std::string>& into,
                       const std::string& help);

/// Where an operand of that type stands; nothing if it is no address.
std::optional<endpoint::Place> place_of(std::string_view type);

inline constexpr std::string_view kind_type = "kind of address";

}  // namespace fid::cli
