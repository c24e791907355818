// SPDX-License-Identifier: MIT
#include "cli/candidates.hpp"

#include "cli/command.hpp"
#include "cli/operands.hpp"
#include "cli/usage.hpp"
#include "endpoint/address_candidates.hpp"
#include "endpoint/option.hpp"
#include "endpoint/path_candidates.hpp"

#include <CLI/App.hpp>

#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>

namespace fid::cli {
namespace {

using endpoint::Candidate;
using Candidates = std::vector<Candidate>;

constexpr auto npos = std::string_view::npos;

void add_if_begun(Candidates& found, std::string_view typed, std::string word,
                  std::string_view help) {
  if (word.starts_with(typed)) found.push_back({std::move(word), std::string(help)});
}

Candidates command_names(std::string_view typed) {
  Candidates found;
  for (const Command& command : commands()) {
    add_if_begun(found, typed, std::string(command.text->name), command.text->summary);
  }
  return found;
}

/// What may stand first.
Candidates first_words(std::string_view typed) {
  Candidates found = command_names(typed);
  add_if_begun(found, typed, "help", help_summary);
  if (!typed.starts_with('-')) return found;
  add_if_begun(found, typed, "--help", help_flag_summary);
  add_if_begun(found, typed, "--version", version_flag_summary);
  return found;
}

/// A value by its type as help shows it. Words are values; FILE is a path; `[:FILE]` may follow a
/// word.
Candidates values(std::string_view before, std::string_view typed, std::string type) {
  constexpr std::string_view with_file = "[:FILE]";
  const std::size_t suffix = type.find(with_file);
  if (suffix != npos) {
    type.erase(suffix, with_file.size());
    const std::size_t colon = typed.find(':');
    if (colon != npos) {
      return endpoint::complete_path(std::string(before).append(typed.substr(0, colon + 1)),
                                     typed.substr(colon + 1), endpoint::FileType::any,
                                     endpoint::Spelling::plain);
    }
  }
  Candidates found;
  for (const std::string_view word : endpoint::split_words(type)) {
    if (word == "FILE") {
      const Candidates files = endpoint::complete_path(before, typed, endpoint::FileType::any,
                                                       endpoint::Spelling::plain);
      found.insert(found.end(), files.begin(), files.end());
    } else if (std::isupper(static_cast<unsigned char>(word.front())) == 0 &&
               word.starts_with(typed)) {
      found.push_back({std::string(before).append(word), {}});
    }
  }
  return found;
}

/// The type of a value that may be left out: `[=auto|never]`.
std::optional<std::string> optional_type(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  if (!type.starts_with("[=")) return {};
  return type.substr(2, type.size() - 3);
}

bool takes_next_word(const CLI::Option& option) {
  return option.get_items_expected_min() > 0;
}

Candidates option_names(std::string_view typed, const CLI::App& app) {
  Candidates found;
  for (const CLI::Option* option : app.get_options()) {
    const std::string& help = option->get_description();
    for (const std::string& name : option->get_lnames()) {
      add_if_begun(found, typed, "--" + name, help);
      if (optional_type(*option)) add_if_begun(found, typed, "--" + name + "=", help);
    }
    for (const std::string& name : option->get_snames()) {
      add_if_begun(found, typed, "-" + name, help);
    }
  }
  return found;
}

/// The option that the word names: `--idle`, or by its last letter `-vk`.
const CLI::Option* named_by(std::string_view word, const CLI::App& app) {
  if (word.size() < 2 || word.front() != '-') return nullptr;
  const std::string name(word.starts_with("--") ? word.substr(2) : word.substr(word.size() - 1));
  for (const CLI::Option* option : app.get_options()) {
    const auto& names = word.starts_with("--") ? option->get_lnames() : option->get_snames();
    if (std::find(names.begin(), names.end(), name) != names.end()) return option;
  }
  return nullptr;
}

/// The operand at that position; the last one, if it takes any number.
const CLI::Option* operand_at(std::size_t position, const CLI::App& app) {
  const CLI::Option* last = nullptr;
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_positional()) continue;
    last = option;
    if (position-- == 0) return option;
  }
  return last != nullptr && last->get_items_expected_max() > 1 ? last : nullptr;
}

Candidates operands(std::string_view typed, const CLI::Option& operand) {
  const std::string type = operand.get_type_name();
  if (const auto place = place_of(type)) return endpoint::complete_address(typed, *place);
  if (type == kind_type) return endpoint::complete_scheme(typed);
  return values({}, typed, type);
}

/// The words after a command's name; the last is being typed.
Candidates words_of_command(std::span<const std::string> words, const CLI::App& app) {
  const std::string_view typed = words.back();
  const CLI::Option* waiting = nullptr;  // for its value
  std::size_t operands_seen = 0;
  bool only_operands = false;
  for (const std::string& word : words.first(words.size() - 1)) {
    if (waiting) {
      waiting = nullptr;
    } else if (!only_operands && word == "--") {
      only_operands = true;
    } else if (!only_operands && word.size() > 1 && word.front() == '-') {
      const CLI::Option* const option = named_by(word, app);
      if (option && takes_next_word(*option)) waiting = option;
    } else {
      ++operands_seen;
    }
  }
  if (waiting) return values({}, typed, waiting->get_type_name());
  const std::size_t equals = typed.find('=');
  if (!only_operands && typed.starts_with("--") && equals != npos) {
    const CLI::Option* const option = named_by(typed.substr(0, equals), app);
    if (!option) return {};
    return values(typed.substr(0, equals + 1), typed.substr(equals + 1),
                  optional_type(*option).value_or(option->get_type_name()));
  }
  const CLI::Option* const operand = operand_at(operands_seen, app);
  Candidates found = operand ? operands(typed, *operand) : Candidates{};
  const bool may_be_option = typed.starts_with('-') || (typed.empty() && !operand);
  if (!only_operands && may_be_option) {
    const Candidates names = option_names(typed, app);
    found.insert(found.end(), names.begin(), names.end());
  }
  return found;
}

}  // namespace

Completion complete(std::span<const std::string> words) {
  if (words.empty()) return {};
  const std::string& first = words.front();
  if (words.size() == 1) return {first_words(first), {}};
  if (first == "help") {
    return {words.size() == 2 ? command_names(words.back()) : Candidates{}, {}};
  }
  const Command* const command = find_command(first);
  if (!command) return {};
  CLI::App app;
  configure(app);
  const Prepared prepared = command->declare(app, Declared::everything);
  if (prepared.command) {
    const auto before_last = words.first(words.size() - 1);
    const auto dashes = std::find(before_last.begin(), before_last.end(), "--");
    if (dashes != before_last.end()) {
      return {{}, static_cast<std::size_t>(dashes - before_last.begin()) + 1};
    }
  }
  return {words_of_command(words.subspan(1), app), {}};
}

}  // namespace fid::cli
