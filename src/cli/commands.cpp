// SPDX-License-Identifier: MIT
#include "cli/addresses.hpp"
#include "cli/bench.hpp"
#include "cli/bridge.hpp"
#include "cli/command.hpp"
#include "cli/completion.hpp"
#include "cli/connect.hpp"
#include "cli/explain.hpp"
#include "cli/listen.hpp"
#include "cli/relay.hpp"

#include <algorithm>
#include <array>

namespace fid::cli {
namespace {

/// In the order of the help.
constexpr std::array table{
    Command{&relay_text, prepare<RelaySettings>},
    Command{&listen_text, prepare<ListenSettings>},
    Command{&connect_text, prepare<ConnectSettings>},
    Command{&bridge_text, prepare<BridgeSettings>},
    Command{&bench_text, prepare<BenchSettings>},
    Command{&explain_text, prepare<ExplainSettings>},
    Command{&addresses_text, prepare<AddressesSettings>},
    Command{&completion_text, prepare<CompletionSettings>},
};

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
