// SPDX-License-Identifier: MIT
#include "cli/completion.hpp"

#include "cli/candidates.hpp"
#include "cli/choice.hpp"
#include "cli/completion_scripts.hpp"

namespace fid::cli {
namespace {

const std::vector<Choice<std::string_view>>& scripts() {
  static const std::vector<Choice<std::string_view>> all{
      {"bash", bash_script}, {"zsh", zsh_script}, {"fish", fish_script}};
  return all;
}

/// A candidate a line, and its help after a tab. A line without a candidate says where the words of
/// another program's command line begin.
void print(Console& console, const Completion& completion) {
  for (const endpoint::Candidate& candidate : completion.candidates) {
    console.print(candidate.word + "\t" + candidate.help + "\n");
  }
  if (completion.command_at) {
    console.print("\tcommand\t" + std::to_string(*completion.command_at) + "\n");
  }
}

}  // namespace

constexpr CommandText completion_text{
    .name = "completion",
    .summary = "print what lets a shell complete fid's words",
    .operands = "SHELL | -- WORD...",
    .notes =
        "The script asks the program for each word, with fid completion -- WORD... of which the "
        "last is being typed: one candidate a line, then a tab and what it means.",
    .examples =
        "fid completion bash >> ~/.bash_completion\n"
        "fid completion fish | source\n"
        "fid completion -- relay unix:/run/",
};

void declare_operands(CLI::App& app, CompletionSettings& settings) {
  app.add_option("SHELL", settings.shell, "bash, zsh or fish")->type_name(alternatives(scripts()));
}

ExitStatus run(const CompletionSettings& settings, Console& console) {
  if (!settings.command.empty() && settings.shell.empty()) {
    print(console, complete(settings.command));
    return ExitStatus::complete;
  }
  std::string_view script;
  const std::string complaint = settings.command.empty() ? choose(settings.shell, scripts(), script)
                                                         : "either SHELL or -- WORD...";
  if (!complaint.empty()) {
    console.error(completion_text.name, complaint);
    return ExitStatus::usage;
  }
  console.print(script);
  return ExitStatus::complete;
}

}  // namespace fid::cli
