// SPDX-License-Identifier: MIT
#include "cli/command_line.hpp"

#include "cli/command.hpp"
#include "cli/usage.hpp"
#include "cli/version.hpp"
#include "endpoint/suggest.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>
#include <vector>

namespace fid::cli {
namespace {

/// `; did you mean "x"?` or nothing.
std::string suggestion(std::string_view word, const std::vector<std::string>& known) {
  const std::vector<std::string_view> views(known.begin(), known.end());
  const auto near = endpoint::nearest_words(word, views);
  return near.empty() ? std::string() : "; " + endpoint::did_you_mean(near);
}

std::vector<std::string> command_names() {
  std::vector<std::string> names{"help"};
  for (const Command& command : commands()) names.emplace_back(command.text->name);
  return names;
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

bool is_option(std::string_view word) {
  return word.size() > 1 && word.front() == '-';
}

/// The word before `word`, if it ends with the comma of options: they were written with a blank.
std::optional<std::string> torn_from(const std::string& word, std::span<const std::string> words) {
  const auto found = std::find(words.begin(), words.end(), word);
  if (found == words.end() || found == words.begin() || !(found - 1)->ends_with(',')) {
    return std::nullopt;
  }
  return *(found - 1);
}

/// Why a word that no option or operand took is wrong.
std::string complaint_of(const std::string& word, const CLI::App& app, bool takes_command,
                         std::span<const std::string> words) {
  if (const auto address = torn_from(word, words)) {
    return "no blank may follow a comma: write " + *address + word;
  }
  if (is_option(word)) {
    const std::string name = word.substr(0, word.find('='));
    // Every letter resembles every other.
    const bool is_letter = !name.starts_with("--");
    return "unknown option " + name + (is_letter ? "" : suggestion(name, option_names(app)));
  }
  return "unexpected word '" + word + (takes_command ? "'; a command goes after --" : "'");
}

/// The first word CLI11 could not place. An option is the likelier slip: after one that is unknown,
/// its value looks like an operand too many.
std::optional<std::string> first_misplaced(const CLI::App& app) {
  std::vector<std::string> words = app.remaining();
  // CLI11 counts the -- that it has obeyed among them.
  const auto dashes = std::find(words.begin(), words.end(), "--");
  if (dashes != words.end()) words.erase(dashes);
  const auto option = std::find_if(words.begin(), words.end(), is_option);
  if (option != words.end()) return *option;
  if (words.empty()) return std::nullopt;
  return words.front();
}

ExitStatus usage_error(Console& console, std::string_view where, const std::string& reason) {
  console.error(where, reason);
  return ExitStatus::usage;
}

ExitStatus show_help(const Command& command, Console& console) {
  CLI::App app;
  configure(app);
  const Prepared prepared = command.declare(app, Declared::everything);
  console.print(help(*command.text, app));
  return ExitStatus::complete;
}

ExitStatus run_command(const Command& command, std::span<const std::string> words,
                       Console& console) {
  Prepared prepared;
  Reading reading;
  {
    // Gone before the command runs, which then takes its memory from what this gave back.
    CLI::App app;
    configure(app);
    const bool any_option = std::any_of(words.begin(), words.end(), is_option);
    prepared = command.declare(app, any_option ? Declared::everything : Declared::operands);
    reading = read_words(app, words, prepared.command);
  }
  if (reading.help_wanted) return show_help(command, console);
  if (!reading.complaint.empty()) {
    return usage_error(console, command.text->name, reading.complaint);
  }
  if (prepared.output) console.configure(*prepared.output);
  return prepared.run(console);
}

ExitStatus run_help(std::span<const std::string> words, std::span<const Page> manual,
                    Console& console) {
  if (words.empty()) {
    console.print(overview());
    return ExitStatus::complete;
  }
  const Command* const command = find_command(words.front());
  if (!command) {
    const auto page = std::find_if(manual.begin(), manual.end(),
                                   [&](const Page& one) { return one.name == words.front(); });
    if (page != manual.end()) {
      console.print(page->text);
      return ExitStatus::complete;
    }
    std::vector<std::string> known = command_names();
    for (const Page& one : manual) known.emplace_back(one.name);
    return usage_error(console, words.front(),
                       "unknown command" + suggestion(words.front(), known));
  }
  return show_help(*command, console);
}

}  // namespace

Reading read_words(CLI::App& app, std::span<const std::string> words,
                   std::vector<std::string>* command) {
  const auto dashes = std::find(words.begin(), words.end(), "--");
  const auto end = command ? dashes : words.end();
  if (command && dashes != words.end()) {
    command->assign(dashes + 1, words.end());
    if (command->empty()) return {false, "no command after --"};
  }
  // CLI11 would take the next word for the value.
  const auto empty = std::find_if(words.begin(), dashes, [](std::string_view word) {
    return word.starts_with("--") && word.find('=') == word.size() - 1;
  });
  if (empty != dashes) return {false, *empty + " lacks its value"};

  std::vector<std::string> backwards(std::make_reverse_iterator(end), words.rend());
  for (std::string& word : backwards) {
    // Stdio with options, which CLI11 would take for some of ours.
    if (word.starts_with("-,")) word.replace(0, 1, "stdio");
  }
  std::string complaint;
  try {
    app.parse(std::move(backwards));
  } catch (const CLI::CallForHelp&) {
    return {true, {}};
  } catch (const CLI::ArgumentMismatch&) {
    complaint = *(end - 1) + " lacks its value";
  } catch (const CLI::ParseError& error) {
    complaint = error.what();
  }
  if (const auto word = first_misplaced(app)) complaint = complaint_of(*word, app, command, words);
  return {false, complaint};
}

ExitStatus run_command_line(std::span<const std::string> words, Console& console,
                            std::span<const Page> manual) {
  if (words.empty()) {
    return usage_error(console, "usage", "fid COMMAND [OPTION...] [OPERAND...]; see fid --help");
  }
  const std::string& first = words.front();
  const auto rest = words.subspan(1);
  if (first == "help" || first == "--help" || first == "-h") return run_help(rest, manual, console);
  if (first == "--version" || first == "-V" || first == "version") {
    console.print(version_text());
    return ExitStatus::complete;
  }
  if (const Command* const command = find_command(first)) {
    return run_command(*command, rest, console);
  }
  if (is_option(first)) {
    return usage_error(console, first, "options follow the command: fid COMMAND " + first);
  }
  return usage_error(console, first, "unknown command" + suggestion(first, command_names()));
}

}  // namespace fid::cli
