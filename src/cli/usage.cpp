// SPDX-License-Identifier: MIT
#include "cli/usage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace fid::cli {
namespace {

constexpr std::size_t width = 80;
constexpr std::size_t name_column = 2;
constexpr std::size_t text_column = 30;

/// Breaks `text` between words so that no line passes the width; lines after the first begin at
/// `indent`, and the first is taken to begin there.
std::string wrapped(std::string_view text, std::size_t indent) {
  std::string out;
  std::size_t column = indent;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    if (column > indent && column + 1 + word.size() > width) {
      out.append("\n").append(indent, ' ');
      column = indent;
    } else if (column > indent) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

/// A name and what it means, side by side, or below each other if the name is long.
std::string entry(std::string_view name, std::string_view text) {
  std::string out(name_column, ' ');
  out += name;
  if (out.size() + 2 > text_column) {
    out.append("\n").append(text_column, ' ');
  } else {
    out.resize(text_column, ' ');
  }
  return out + wrapped(text, text_column) + "\n";
}

/// `-v, --verbose`, `    --idle TIME`, `    --progress[=auto|never]`
std::string title(const CLI::Option& option) {
  if (option.get_positional()) return option.get_name(true);
  std::string out;
  for (const std::string& name : option.get_snames()) {
    if (!out.empty()) out += ", ";
    out.append("-").append(name);
  }
  if (out.empty()) out = "   ";
  for (const std::string& name : option.get_lnames()) {
    out.append(out.front() == '-' ? ", --" : " --").append(name);
  }
  const std::string type = option.get_type_name();
  if (type.empty()) return out;
  return type.front() == '[' ? out + type : out + " " + type;
}

using Options = std::vector<const CLI::Option*>;

std::string section(std::string_view heading, const Options& options) {
  if (options.empty()) return {};
  std::string out = "\n" + std::string(heading) + ":\n";
  for (const CLI::Option* option : options) out += entry(title(*option), option->get_description());
  return out;
}

std::string paragraphs(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    out += "\n" + wrapped(text.substr(0, end), 0) + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string examples(std::string_view lines) {
  std::string out = "\nExamples:\n";
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    out.append("  ").append(lines.substr(0, end)).append("\n");
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return out;
}

}  // namespace

void configure(CLI::App& app) {
  app.option_defaults()->take_last();
  app.allow_extras();  // they are told of by ourselves, with the nearest words
  app.set_help_flag("-h,--help", "show this help")->group("Output");
}

std::string overview() {
  std::string out =
      "fid joins endpoints: TCP, Unix sockets, FIFOs, files, commands and stdio.\n\n"
      "Usage: fid COMMAND [OPTION...] [OPERAND...]\n\nCommands:\n";
  for (const Command& command : commands()) out += entry(command.text->name, command.text->summary);
  out += entry("help [COMMAND]", help_summary);
  out += "\nOptions:\n";
  out += entry("-h, --help", help_flag_summary);
  out += entry("-V, --version", version_flag_summary);
  out += "\nManual: fid(1), fid-COMMAND(1), fid-addresses(7); also by fid help PAGE\n";
  return out;
}

std::string help(const CommandText& text, const CLI::App& app) {
  Options operands;
  std::vector<std::pair<std::string, Options>> groups;
  const auto group_of = [&groups](const CLI::Option* option) -> Options& {
    for (auto& [name, options] : groups) {
      if (name == option->get_group()) return options;
    }
    return groups.emplace_back(option->get_group(), Options()).second;
  };
  for (const CLI::Option* option : app.get_options()) {
    if (option == app.get_help_ptr()) continue;
    Options& options = option->get_positional() ? operands : group_of(option);
    options.push_back(option);
  }
  group_of(app.get_help_ptr()).push_back(app.get_help_ptr());

  std::string out = fmt::format("fid {} - {}\n\nUsage: fid {} [OPTION...] {}\n", text.name,
                                text.summary, text.name, text.operands);
  out += section("Operands", operands);
  for (const auto& [name, options] : groups) out += section(name, options);
  return out + paragraphs(text.notes) + examples(text.examples);
}

}  // namespace fid::cli
