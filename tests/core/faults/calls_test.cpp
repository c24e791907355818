// SPDX-License-Identifier: MIT
// That the table of calls is complete, and that none of its rows is idle.
#include "core/faults/scenarios.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <string>
#include <vector>

namespace fid {
namespace {

using test::Call;
using test::CallRow;
using test::SafeCall;

/// What the compiler and its instruments put in by themselves, and what has a C++ name: the C++
/// library, whose failures are exceptions. Of std::thread's, NoNewThreads makes them. A name such
/// as
/// __read_chk is ours: with _FORTIFY_SOURCE it stands for read, past the wrapper.
bool is_none_of_ours(const std::string& symbol) {
  const bool is_reserved = symbol.starts_with("__") && !symbol.ends_with("_chk");
  return is_reserved || symbol.starts_with("_Z");
}

/// What the static library has undefined, as nm -u lists it: "    U symbol", "    w symbol".
std::set<std::string> undefined_symbols() {
  std::set<std::string> symbols;
  std::ifstream list(FID_UNDEFINED_SYMBOLS);
  EXPECT_TRUE(list) << "no " << FID_UNDEFINED_SYMBOLS;
  for (std::string line; std::getline(list, line);) {
    const auto space = line.rfind(' ');
    if (space != std::string::npos && space > 0) symbols.insert(line.substr(space + 1));
  }
  return symbols;
}

TEST(Calls, EachThatTheLibraryMakesFailsInTheTestsOrSaysWhyItCannot) {
  const auto symbols = undefined_symbols();
  EXPECT_GT(symbols.size(), 50U);
  for (const std::string& symbol : symbols) {
    if (is_none_of_ours(symbol)) continue;
    const bool fails = std::ranges::any_of(
        test::call_table(), [&](const CallRow& row) { return row.call.symbol == symbol; });
    const bool is_safe = std::ranges::count(test::safe_calls(), symbol, &SafeCall::symbol) > 0;
    EXPECT_TRUE(fails || is_safe) << symbol
                                  << " is called; CONTRIBUTING.md, under \"To make a call fail\", "
                                     "says what that takes";
    EXPECT_FALSE(fails && is_safe) << symbol;
  }
}

TEST(Calls, NoneIsListedThatTheLibraryDoesNotMake) {
  const auto symbols = undefined_symbols();
  for (const CallRow& row : test::call_table()) {
    EXPECT_TRUE(symbols.contains(std::string(row.call.symbol))) << row.call.symbol;
  }
}

TEST(Calls, EachIsMadeByAScenario) {
  std::vector<Call> made;
  for (const test::Scenario& scenario : test::all_scenarios()) {
    test::Injector injector;
    EXPECT_TRUE(test::play(scenario, injector)) << scenario;
    made.insert(made.end(), injector.calls().begin(), injector.calls().end());
  }
  for (const CallRow& row : test::call_table()) {
    if (row.needs != nullptr && ::access(row.needs, R_OK) != 0) continue;
    EXPECT_GT(std::ranges::count(made, row.call), 0)
        << row.call.symbol << ' ' << row.call.purpose << " is made by no scenario";
  }
}

TEST(Calls, EachIsReportedOrSaysWhyNot) {
  for (const CallRow& row : test::call_table()) {
    EXPECT_NE(row.reported_as.empty(), row.ignored.empty())
        << row.call.symbol << ' ' << row.call.purpose;
  }
}

}  // namespace
}  // namespace fid
