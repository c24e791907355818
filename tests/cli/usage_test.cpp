// SPDX-License-Identifier: MIT
#include "cli/usage.hpp"

#include "cli/bridge.hpp"
#include "cli/completion.hpp"
#include "cli/connect.hpp"
#include "cli/listen.hpp"
#include "cli/relay.hpp"

#include <CLI/CLI.hpp>
#include <gmock/gmock.h>

#include <sstream>

namespace fid::cli {
namespace {

using testing::HasSubstr;

template <class Settings>
std::string help_of(const CommandText& text) {
  CLI::App app;
  Settings settings;
  configure(app);
  declare(app, settings, Declared::everything);
  return help(text, app);
}

void expect_to_fit(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 80U) << line;
    EXPECT_TRUE(line.empty() || line.back() != ' ') << line;
  }
}

TEST(Usage, FitsInEightyColumns) {
  expect_to_fit(overview());
  expect_to_fit(help_of<RelaySettings>(relay_text));
  expect_to_fit(help_of<ListenSettings>(listen_text));
  expect_to_fit(help_of<ConnectSettings>(connect_text));
  expect_to_fit(help_of<BridgeSettings>(bridge_text));
  expect_to_fit(help_of<CompletionSettings>(completion_text));
}

TEST(Usage, ShowsOptionsInTheirGroupWithTheirValue) {
  const std::string text = help_of<ListenSettings>(listen_text);
  EXPECT_THAT(text, HasSubstr("Usage: fid listen [OPTION...] ADDRESS [-- CMD [ARG...]]\n"));
  EXPECT_THAT(text, HasSubstr("\nOperands:\n  ADDRESS "));
  EXPECT_THAT(text, HasSubstr("\nListening:\n  -k, --keep-open "));
  EXPECT_THAT(text, HasSubstr("\n      --ready-fd FD "));
  EXPECT_THAT(text, HasSubstr("\n      --idle TIME "));
  EXPECT_THAT(text, HasSubstr("\n      --progress[=auto|always|never]\n"));
  EXPECT_THAT(text, HasSubstr("\n  -u "));
  EXPECT_THAT(text, HasSubstr("\n  -h, --help "));
}

TEST(Usage, SaysWhereTheManualIs) {
  EXPECT_THAT(overview(), HasSubstr("\nManual: fid(1), fid-COMMAND(1)"));
}

TEST(Usage, EndsWithExamples) {
  EXPECT_THAT(help_of<ConnectSettings>(connect_text),
              HasSubstr("\nExamples:\n  fid connect tcp://127.0.0.1:8080\n"));
}

}  // namespace
}  // namespace fid::cli
