// SPDX-License-Identifier: MIT
#include "cli/explain.hpp"

#include "cli/operands.hpp"
#include "endpoint/describe.hpp"
#include "endpoint/native_syntax.hpp"

namespace fid::cli {

constexpr CommandText explain_text{
    .name = "explain",
    .summary = "show how addresses are understood, opening nothing",
    .operands = "ADDRESS...",
    .notes = "An address that is wrong is told of with the column and the nearest words, status 2.",
    .examples =
        "fid explain tcp://localhost:8080,nodelay\n"
        "fid explain unix:/run/x.sock,mode=0660 'exec:sh -c \"date; cat\"'",
};

void declare_operands(CLI::App& app, ExplainSettings& settings) {
  add_addresses(app, "ADDRESS", settings.addresses, "an address, as any command takes it");
}

ExitStatus run(const ExplainSettings& settings, Console& console) {
  ExitStatus status = ExitStatus::complete;
  bool first = true;
  for (const std::string& text : settings.addresses) {
    const auto address = endpoint::parse_native(text);
    if (!address) {
      console.error(text, address.error().text());
      status = ExitStatus::usage;
      continue;
    }
    if (!first) console.print("\n");
    first = false;
    for (const std::string& line : endpoint::explain(*address)) console.print(line + "\n");
  }
  return status;
}

}  // namespace fid::cli
