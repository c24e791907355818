// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.hpp"

#include <CLI/App.hpp>

#include <string>
#include <vector>

namespace fid::cli {

/// `fid addresses [KIND...]`: the kinds of addresses and their options.
struct AddressesSettings {
  std::vector<std::string> kinds;
};

extern const CommandText addresses_text;

void declare_operands(CLI::App& app, AddressesSettings& settings);
ExitStatus run(const AddressesSettings& settings, Console& console);

}  // namespace fid::cli
