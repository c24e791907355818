// SPDX-License-Identifier: MIT
#include "cli/command.hpp"
#include "cli/run.hpp"
#include "cli/usage.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace fid::cli {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

TEST(Commands, AreAllListedAndEachHasItsHelpBothWays) {
  const std::string overview = run_words({"--help"}).out;
  for (const Command& command : commands()) {
    const std::string name(command.text->name);
    EXPECT_THAT(overview, HasSubstr("\n  " + name + " "));
    EXPECT_EQ(find_command(name), &command);
    const Outcome help = run_words({"help", name});
    EXPECT_EQ(help.status, ExitStatus::complete);
    EXPECT_THAT(help.out, StartsWith("fid " + name + " - "));
    EXPECT_EQ(run_words({name, "--help"}).out, help.out);
    const auto examples = command.text->examples;
    EXPECT_THAT(std::string(examples), StartsWith("fid " + name));
    EXPECT_GE(std::count(examples.begin(), examples.end(), '\n'), 1) << name;
  }
}

TEST(Commands, HaveTheSameOperandsWithAndWithoutTheirOptions) {
  for (const Command& command : commands()) {
    CLI::App with;
    configure(with);
    const Prepared prepared = command.declare(with, Declared::everything);
    CLI::App without;
    configure(without);
    const Prepared operands_only = command.declare(without, Declared::operands);
    EXPECT_EQ(operands_only.command == nullptr, prepared.command == nullptr);

    std::vector<std::string> operands;
    for (const CLI::Option* option : with.get_options()) {
      if (option->get_positional()) operands.push_back(option->get_name(true));
    }
    std::vector<std::string> declared;
    for (const CLI::Option* option : without.get_options()) {
      if (option != without.get_help_ptr()) declared.push_back(option->get_name(true));
    }
    EXPECT_EQ(declared, operands) << command.text->name;
  }
}

TEST(Commands, AnOptionAmongTheOperandsIsSeen) {
  EXPECT_THAT(run_words({"explain", "-", "-,eof=close", "--help"}).out, StartsWith("fid explain"));
  EXPECT_THAT(run_words({"explain", "-", "-,eof=close"}).out, HasSubstr("eof=close"));
}

TEST(Commands, AnUnknownOneIsStatusTwoWithTheNearest) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"explian"}, std::vector<std::string>{"help", "explian"}}) {
    const Outcome outcome = run_words(words);
    EXPECT_EQ(outcome.status, ExitStatus::usage);
    EXPECT_EQ(outcome.err, "fid: explian: unknown command; did you mean \"explain\"?\n");
    EXPECT_EQ(outcome.out, "");
  }
}

TEST(Commands, NoCommandOrAnOptionInItsPlaceIsStatusTwo) {
  EXPECT_EQ(run_words({}).status, ExitStatus::usage);
  const Outcome outcome = run_words({"-v", "explain", "-"});
  EXPECT_EQ(outcome.status, ExitStatus::usage);
  EXPECT_EQ(outcome.err, "fid: -v: options follow the command: fid COMMAND -v\n");
}

TEST(Commands, AWrongOptionIsOneLineThatNamesTheCommand) {
  const Outcome outcome = run_words({"explain", "-", "--frobnicate"});
  EXPECT_EQ(outcome.status, ExitStatus::usage);
  EXPECT_EQ(outcome.err, "fid: explain: unknown option --frobnicate\n");
}

TEST(Commands, TheVersionNamesTheProgramFirst) {
  EXPECT_THAT(
      run_words({"--version"}).out,
      MatchesRegex(
          "fid [0-9.]+( .commit [0-9a-f]+.)?\nbuilt with .*\nlibraries: [a-z]+; commands: yes\n"));
  EXPECT_EQ(run_words({"--version"}).status, ExitStatus::complete);
}

}  // namespace
}  // namespace fid::cli
