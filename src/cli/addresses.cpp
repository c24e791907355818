// SPDX-License-Identifier: MIT
#include "cli/addresses.hpp"

#include "cli/operands.hpp"
#include "endpoint/describe.hpp"
#include "endpoint/registry.hpp"
#include "endpoint/suggest.hpp"

namespace fid::cli {
namespace {

void print(Console& console, const std::vector<std::string>& lines) {
  for (const std::string& line : lines) console.print(line + "\n");
}

std::string unknown_kind(const std::string& word) {
  const std::vector<std::string> words = endpoint::scheme_words();
  const std::vector<std::string_view> known(words.begin(), words.end());
  const auto near = endpoint::nearest_words(word, known);
  return near.empty() ? "unknown kind" : "unknown kind; " + endpoint::did_you_mean(near);
}

}  // namespace

constexpr CommandText addresses_text{
    .name = "addresses",
    .summary = "list the kinds of addresses and their options",
    .operands = "[KIND...]",
    .notes = "Options follow the address after commas: tcp://localhost:80,nodelay,bind=127.0.0.2",
    .examples =
        "fid addresses\n"
        "fid addresses tcp unix",
};

void declare_operands(CLI::App& app, AddressesSettings& settings) {
  add_kinds(app, "KIND", settings.kinds, "only these, as tcp or unix");
}

ExitStatus run(const AddressesSettings& settings, Console& console) {
  if (settings.kinds.empty()) print(console, endpoint::describe_kinds());
  ExitStatus status = ExitStatus::complete;
  bool first = true;
  for (const std::string& word : settings.kinds) {
    const auto scheme = endpoint::find_scheme(word);
    if (!scheme) {
      console.error(word, unknown_kind(word));
      status = ExitStatus::usage;
      continue;
    }
    if (!first) console.print("\n");
    first = false;
    print(console, endpoint::describe_kind(*scheme->kind));
  }
  return status;
}

}  // namespace fid::cli
