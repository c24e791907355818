// SPDX-License-Identifier: MIT
#include "cli/candidates.hpp"

#include "cli/command.hpp"
#include "cli/run.hpp"
#include "cli/usage.hpp"

#include <CLI/App.hpp>
#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace fid::cli {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> words(const std::vector<std::string>& typed) {
  std::vector<std::string> list;
  for (const auto& candidate : complete(typed).candidates) list.push_back(candidate.word);
  return list;
}

TEST(Candidates, BeginWithEveryCommand) {
  const auto offered = words({""});
  for (const Command& command : commands()) {
    EXPECT_THAT(offered, Contains(std::string(command.text->name)));
    EXPECT_THAT(words({"help", ""}), Contains(std::string(command.text->name)));
  }
  EXPECT_THAT(offered, Contains("help"));
  EXPECT_THAT(words({"--v"}), ElementsAre("--version"));
}

TEST(Candidates, HaveEveryOptionThatIsDeclared) {
  for (const Command& command : commands()) {
    CLI::App app;
    configure(app);
    const Prepared prepared = command.declare(app, Declared::everything);
    const auto offered = words({std::string(command.text->name), "-"});
    for (const CLI::Option* option : app.get_options()) {
      for (const auto& name : option->get_lnames()) EXPECT_THAT(offered, Contains("--" + name));
      for (const auto& name : option->get_snames()) EXPECT_THAT(offered, Contains("-" + name));
    }
  }
}

TEST(Candidates, ForAnOperandDependOnItsPlace) {
  EXPECT_THAT(words({"relay", "exe"}), IsEmpty());
  EXPECT_THAT(words({"relay", "tcp://:1", "exe"}), ElementsAre("exec:"));
  EXPECT_THAT(words({"relay", "--idle", "5s", "-v", "exe"}), IsEmpty());
  EXPECT_THAT(words({"relay", "--idle=5s", "tcp://:1", "exe"}), ElementsAre("exec:"));
  EXPECT_THAT(words({"bridge", "-", "fif"}), ElementsAre("fifo:"));
  EXPECT_THAT(words({"bridge", "-", "-", "fif"}), IsEmpty());
  EXPECT_THAT(words({"explain", "-", "-", "fif"}), ElementsAre("fifo:"));
  EXPECT_THAT(words({"addresses", "tcp", "fif"}), ElementsAre("fifo"));
}

TEST(Candidates, ForAnOperandTooManyAreTheOptions) {
  EXPECT_THAT(words({"connect", "-", ""}), Contains("--idle"));
  EXPECT_THAT(words({"connect", "--", "-", ""}), IsEmpty());
}

TEST(Candidates, AreTheWordsAnOptionTakes) {
  EXPECT_THAT(words({"bridge", "--eof", ""}), ElementsAre("half", "close", "ignore"));
  EXPECT_THAT(words({"bridge", "--eof=h"}), ElementsAre("--eof=half"));
  EXPECT_THAT(words({"bridge", "--progress=a"}),
              ElementsAre("--progress=auto", "--progress=always"));
  EXPECT_THAT(words({"bridge", "--progress", "exe"}), ElementsAre("exec:"));
  EXPECT_THAT(words({"bridge", "--dump", "t"}), ElementsAre("text"));
  EXPECT_THAT(words({"bridge", "--dump", "text:/pro"}), Contains("text:/proc/"));
  EXPECT_THAT(words({"bridge", "--idle", ""}), IsEmpty());
  EXPECT_THAT(words({"completion", ""}), ElementsAre("bash", "zsh", "fish"));
}

TEST(Candidates, EndWhereAnotherCommandBegins) {
  const std::vector<std::string> typed{"listen", "-k", "tcp://:1", "--", "tr", ""};
  EXPECT_EQ(complete(typed).command_at, 4U);
  EXPECT_THAT(complete(typed).candidates, IsEmpty());
  EXPECT_EQ(run_words({"completion", "--", "listen", "x", "--", "l"}).out, "\tcommand\t3\n");
}

TEST(Completion, PrintsACandidateALineWithItsHelp) {
  EXPECT_EQ(run_words({"completion", "--", "rel"}).out,
            "relay\taccept connections and pass each of them on\n");
}

TEST(Completion, PrintsTheScriptOfAShell) {
  EXPECT_THAT(run_words({"completion", "bash"}).out, HasSubstr("complete -o nosort -F _fid fid\n"));
  EXPECT_THAT(run_words({"completion", "zsh"}).out, testing::StartsWith("#compdef fid\n"));
  EXPECT_THAT(run_words({"completion", "fish"}).out, HasSubstr("complete -c fid "));
}

TEST(Completion, OfAnotherShellOrNoneIsStatusTwo) {
  EXPECT_EQ(run_words({"completion", "bsh"}).err,
            "fid: completion: 'bsh' is not one of bash, zsh or fish; did you mean \"bash\"?\n");
  EXPECT_EQ(run_words({"completion"}).status, ExitStatus::usage);
  EXPECT_EQ(run_words({"completion", "bash", "--", "x"}).status, ExitStatus::usage);
}

}  // namespace
}  // namespace fid::cli
