// SPDX-License-Identifier: MIT
#include "endpoint/describe.hpp"

#include "endpoint/quoting.hpp"
#include "endpoint/syntax_error.hpp"

#include <algorithm>
#include <span>
#include <string_view>

namespace fid::endpoint {
namespace {

using Lines = std::vector<std::string>;

constexpr std::size_t line_width = 88;

std::size_t width(std::string_view text) {
  return column_at(text, text.size()) - 1;
}

/// Text that came from outside, so that it cannot break the line or drive the terminal.
std::string safe(std::string_view text) {
  const bool plain = std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0x7F;
  });
  return plain ? std::string(text) : quoted(text);
}

/// Puts `text` behind `lead`, from `column` on, and wraps it there.
void add_entry(Lines& lines, std::string_view lead, std::size_t column, std::string_view text) {
  std::string line(lead);
  const std::size_t gap = width(line) < column ? column - width(line) : 2;
  line.append(gap, ' ');
  bool fresh = true;  // nothing of the text is on this line yet
  while (!text.empty()) {
    const std::size_t blank = text.find(' ');
    const std::string_view word = text.substr(0, blank);
    if (!fresh && width(line) + 1 + width(word) > line_width) {
      lines.push_back(std::move(line));
      line.assign(column, ' ');
      fresh = true;
    }
    line.append(fresh ? "" : " ").append(word);
    fresh = false;
    text = blank == std::string_view::npos ? std::string_view() : text.substr(blank + 1);
  }
  lines.push_back(std::move(line));
}

std::string_view describe(Traffic traffic) {
  switch (traffic) {
    case Traffic::stream:
      return "a stream of bytes";
    case Traffic::one_way:
      return "a stream of bytes, in the direction it is used";
    case Traffic::datagrams:
      return "datagrams";
    case Traffic::records:
      return "records, their boundaries kept";
    case Traffic::any:
      return "whatever it was made for";
  }
  return {};
}

std::string describe(const Kind& kind, Role role) {
  if (!allows(kind.roles, Role::listen)) return "opened";
  if (role == Role::listen) return "listens";
  if (role == Role::connect) return "connects";
  return "listens or connects, as its place says";
}

std::string describe_host(const Address& address) {
  if (address.host == "*") return "*, all local addresses";
  if (!address.host.empty()) return safe(address.host);
  return address.role == Role::listen ? "loopback, since none is given"
                                      : "none: loopback if it listens, an error if it connects";
}

std::string describe_port(const Address& address) {
  const bool number = std::all_of(address.port.begin(), address.port.end(),
                                  [](char c) { return c >= '0' && c <= '9'; });
  if (address.port == "0") return "0, a free one";
  return number ? address.port : address.port + ", the name of a service";
}

std::string describe_descriptor(const Address& address) {
  if (!address.fd) return safe(address.name) + ", the name given to an inherited one";
  constexpr std::string_view names[] = {"standard input", "standard output", "standard error"};
  const auto number = static_cast<std::size_t>(*address.fd);
  std::string text = std::to_string(number);
  if (number < std::size(names)) text.append(", ").append(names[number]);
  return text;
}

constexpr std::size_t explained_at = 14;

/// One fact of explain(): what it is about, and what is so.
void add_fact(Lines& lines, std::string_view about, std::string_view text) {
  add_entry(lines, "  " + std::string(about), explained_at, text);
}

void explain_parameter(Lines& lines, const Address& address) {
  switch (address.kind->parameter) {
    case Parameter::none:
      return;
    case Parameter::host_port:
      add_fact(lines, "host", describe_host(address));
      add_fact(lines, "port", describe_port(address));
      return;
    case Parameter::path:
      add_fact(lines, "path", safe(address.path));
      return;
    case Parameter::name:
      add_fact(lines, "name", safe(address.name));
      return;
    case Parameter::fd:
    case Parameter::fd_or_name:
      add_fact(lines, "descriptor", describe_descriptor(address));
      return;
    case Parameter::command:
      for (std::size_t i = 0; i < address.words.size(); ++i) {
        const std::string_view about = i == 0 ? "program" : i == 1 ? "arguments" : "";
        add_fact(lines, about, safe(quote_word(address.words[i])));
      }
      return;
  }
}

void explain_options(Lines& lines, const Address& address) {
  constexpr std::size_t help_at = explained_at + 26;
  std::string lead = "  options";
  for (const Option& option : address.options()) {
    for (const std::string& spelled : spell(option, Secrets::masked)) {
      lead.resize(explained_at, ' ');
      add_entry(lines, lead.append(safe(spelled)), help_at, option.spec->help);
      lead.clear();
    }
  }
}

void explain_defaults(Lines& lines, const Address& address) {
  std::string text;
  for (const OptionSpec& spec : address.kind->options) {
    if (spec.default_text.empty() || address.written(spec.name) != nullptr) continue;
    if (!allows(spec.roles, address.role)) continue;
    if (spec.type == ValueType::flag && spec.default_text == "no") continue;
    text.append(text.empty() ? "" : ", ").append(spec.name).append("=").append(spec.default_text);
  }
  if (!text.empty()) add_fact(lines, "defaults", text);
}

constexpr std::size_t described_at = 30;

enum class Listed { all, own };

/// The option's line in a listing. Of flags the spelling says what the default is, to whoever knows
/// that; a kind that is listed alone says it in full, with an example.
void add_option(Lines& lines, const OptionSpec& spec, Listed listed) {
  std::string text(spec.help);
  if (!spec.default_text.empty() && (listed == Listed::all || spec.type != ValueType::flag)) {
    text.append("; default ").append(spec.default_text);
  }
  if (listed == Listed::all) text.append("; e.g. ").append(spec.example);
  add_entry(lines, "    " + usage(spec), described_at, text);
}

/// Whether every kind has this option, and says the same about it.
bool is_common(const OptionSpec& spec) {
  return std::all_of(kinds().begin(), kinds().end(), [&](const Kind* kind) {
    const OptionSpec* other = find_option(*kind, spec.name);
    return other != nullptr && other->help == spec.help;
  });
}

/// Most kinds agree about a common option; whoever does not lists it as its own.
bool is_unusual(const OptionSpec& spec) {
  return std::count_if(kinds().begin(), kinds().end(), [&](const Kind* kind) {
           const OptionSpec* other = find_option(*kind, spec.name);
           return other != nullptr && other->default_text == spec.default_text;
         }) == 1;
}

void add_options(Lines& lines, const Kind& kind, Listed listed) {
  struct Section {
    Roles roles;
    std::string_view title;
  };
  const bool both = kind.roles == Roles::both;
  const Section sections[] = {{Roles::both, "options"},
                              {Roles::connects, both ? "where it connects" : "options"},
                              {Roles::listens, both ? "where it listens" : "options"}};
  for (const Section& section : sections) {
    bool titled = false;
    for (const OptionSpec& spec : kind.options) {
      if (spec.roles != section.roles) continue;
      if (listed == Listed::own && is_common(spec) && !is_unusual(spec)) continue;
      if (!titled) lines.push_back("  " + std::string(section.title));
      titled = true;
      add_option(lines, spec, listed);
    }
  }
}

std::string traffic_sentences(std::span<const Kind* const> alike) {
  const Traffic first = alike.front()->traffic;
  if (std::all_of(alike.begin(), alike.end(), [&](const Kind* k) { return k->traffic == first; })) {
    return std::string("Carries ").append(describe(first)).append(". ");
  }
  std::string text;
  for (const Kind* kind : alike) {
    text.append(kind->name).append(" carries ").append(describe(kind->traffic)).append(". ");
  }
  return text;
}

std::string listening_sentence(std::span<const Kind* const> alike) {
  if (!has_listen_form(*alike.front())) return {};
  std::string text = "Listens where the place does, or when written ";
  for (std::size_t i = 0; i < alike.size(); ++i) {
    text.append(i == 0 ? "" : i + 1 == alike.size() ? " or " : ", ");
    text.append(scheme_word(*alike[i], Role::listen));
  }
  return text.append(". ");
}

/// Kinds with the same options, described together.
void add_kinds(Lines& lines, std::span<const Kind* const> alike, Listed listed) {
  for (const Kind* kind : alike) add_entry(lines, kind->form, described_at, kind->summary);
  std::string help = traffic_sentences(alike) + listening_sentence(alike);
  for (std::size_t i = 0; i < alike.size(); ++i) {
    if (i == 0 || alike[i]->help != alike[i - 1]->help) help.append(alike[i]->help).append(" ");
  }
  help.pop_back();
  add_entry(lines, "", 2, help);
  for (const Kind* kind : alike) add_entry(lines, "", 2, "e.g. " + std::string(kind->example));
  add_options(lines, *alike.front(), listed);
}

}  // namespace

Lines explain(const Address& address) {
  const Kind& kind = *address.kind;
  Lines lines = {safe(address.display())};
  add_fact(lines, "kind", std::string(kind.name).append(": ").append(kind.summary));
  add_fact(lines, "carries", describe(kind.traffic));
  add_fact(lines, "role", describe(kind, address.role));
  explain_parameter(lines, address);
  explain_options(lines, address);
  explain_defaults(lines, address);
  for (const std::string& note : address.notes()) add_fact(lines, "note", note);
  add_fact(lines, "in full", safe(address.canonical(Secrets::masked)));
  return lines;
}

Lines describe_kind(const Kind& kind) {
  Lines lines;
  const Kind* const one[] = {&kind};
  add_kinds(lines, one, Listed::all);
  return lines;
}

Lines describe_kinds() {
  Lines lines;
  const auto all = kinds();
  for (std::size_t first = 0; first < all.size();) {
    std::size_t last = first + 1;
    while (last < all.size() && all[last]->options.data() == all[first]->options.data()) {
      ++last;
    }
    add_kinds(lines, all.subspan(first, last - first), Listed::own);
    lines.emplace_back();
    first = last;
  }
  lines.emplace_back("Any of them, after a comma");
  for (const OptionSpec& spec : all.front()->options) {
    if (is_common(spec)) add_option(lines, spec, Listed::own);
  }
  return lines;
}

}  // namespace fid::endpoint
