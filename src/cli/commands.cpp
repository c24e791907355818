// SPDX-License-Identifier: MIT
#include "cli/command.hpp"

#include <algorithm>
#include <array>

namespace fid::cli {
namespace {

constexpr std::array<Command, 0> table{};

}  // namespace

std::span<const Command> commands() {
  return table;
}

const Command* find_command(std::string_view name) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [name](const Command& row) { return row.text->name == name; });
  return found == table.end() ? nullptr : &*found;
}

}  // namespace fid::cli
