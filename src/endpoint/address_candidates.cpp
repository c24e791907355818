// SPDX-License-Identifier: MIT
#include "endpoint/address_candidates.hpp"

#include "endpoint/path_candidates.hpp"
#include "endpoint/quoting.hpp"
#include "endpoint/registry.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace fid::endpoint {
namespace {

constexpr auto npos = std::string_view::npos;

/// The head of an address: up to where its parameter begins.
struct Head {
  const Kind* kind;
  Role role;
  std::size_t end;
};

Role role_in(Place place, Role written) {
  if (written != Role::by_place || place == Place::anywhere) return written;
  return place == Place::listens ? Role::listen : Role::connect;
}

/// As the parser reads it; nothing if the scheme is not complete or unknown.
std::optional<Head> read_head(std::string_view typed, Place place) {
  const std::size_t end = typed.find_first_of(":,/");
  if (end == npos) return {};
  std::string_view word = typed.substr(0, end);
  if (typed[end] == '/') return Head{find_scheme("file")->kind, Role::connect, 0};
  if (word == "-") word = "stdio";
  const auto scheme = find_scheme(word);
  if (!scheme) return {};
  return Head{scheme->kind, role_in(place, scheme->role), typed[end] == ':' ? end + 1 : end};
}

bool can_stand(const Kind& kind, Place place) {
  if (place == Place::listens) return allows(kind.roles, Role::listen);
  if (place == Place::connects) return allows(kind.roles, Role::connect);
  return true;
}

/// The scheme with what follows it always: `tcp://`, `unix:`, `-`.
std::string opening(const Kind& kind, Role role) {
  if (kind.parameter == Parameter::none) return "-";
  return scheme_word(kind, role) + (kind.parameter == Parameter::host_port ? "://" : ":");
}

void add_if_begun(std::vector<Candidate>& found, std::string_view typed, std::string word,
                  std::string_view help) {
  if (word.starts_with(typed)) found.push_back({std::move(word), std::string(help)});
}

std::vector<Candidate> schemes(std::string_view typed, Place place) {
  std::vector<Candidate> found;
  for (const Kind* kind : kinds()) {
    if (!can_stand(*kind, place)) continue;
    add_if_begun(found, typed, opening(*kind, Role::connect), kind->summary);
    // Where the place decides, the longer word would say nothing new.
    if (!has_listen_form(*kind) || place == Place::listens || place == Place::connects) continue;
    add_if_begun(found, typed, opening(*kind, Role::listen),
                 std::string(kind->summary) + ", listening");
  }
  return found;
}

FileType file_type(const Kind& kind) {
  if (kind.traffic == Traffic::one_way) {
    return kind.name == "fifo" ? FileType::fifo : FileType::any;
  }
  return FileType::socket;
}

std::vector<Candidate> parameters(std::string_view typed, const Head& head) {
  if (head.kind->parameter != Parameter::path) return {};
  std::size_t from = head.end;
  if (typed.substr(from, 3) == "///") from += 2;
  return complete_path(typed.substr(0, from), typed.substr(from), file_type(*head.kind),
                       Spelling::in_address);
}

std::vector<Candidate> values(std::string_view before, std::string_view typed,
                              const OptionSpec& spec) {
  std::vector<Candidate> found;
  const auto offer = [&](std::string_view word) {
    if (word.starts_with(typed)) found.push_back({std::string(before).append(word), {}});
  };
  if (spec.type == ValueType::flag) {
    offer("yes");
    offer("no");
  }
  for (const std::string_view word : split_words(spec.choices)) offer(word);
  if (spec.value_name == "PATH" || spec.value_name == "DIR") {
    return complete_path(before, typed, FileType::any, Spelling::in_address);
  }
  return found;
}

/// Whether the options that end before `end` have set `spec`, which counts only once.
bool is_set(std::string_view typed, std::size_t from, std::size_t end, const OptionSpec& spec) {
  if (spec.type == ValueType::list) return false;
  while (from < end) {
    const std::size_t next = std::min(find_unquoted(typed, from + 1, ","), end);
    const std::string_view option = typed.substr(from + 1, next - from - 1);
    if (is_named(spec, option.substr(0, option.find('=')))) return true;
    from = next;
  }
  return false;
}

/// `comma` is the first, and the last one begins the option that is being written.
std::vector<Candidate> options(std::string_view typed, std::size_t comma, const Head& head) {
  std::size_t last = comma;
  for (std::size_t at = comma; at != npos; at = find_unquoted(typed, at + 1, ",")) last = at;
  const std::string_view before = typed.substr(0, last + 1);
  const std::string_view option = typed.substr(last + 1);
  const std::size_t equals = option.find('=');
  if (equals != npos) {
    const OptionSpec* const spec = find_option(*head.kind, option.substr(0, equals));
    if (spec == nullptr) return {};
    return values(typed.substr(0, before.size() + equals + 1), option.substr(equals + 1), *spec);
  }
  std::vector<Candidate> found;
  for (const OptionSpec& spec : head.kind->options) {
    if (!allows(spec.roles, head.role) || is_set(typed, comma, last, spec)) continue;
    std::string word(before);
    word.append(spec.name).append(spec.type == ValueType::flag ? "" : "=");
    add_if_begun(found, typed, std::move(word), spec.help);
  }
  return found;
}

}  // namespace

std::vector<Candidate> complete_address(std::string_view typed, Place place) {
  const auto head = read_head(typed, place);
  if (!head) return schemes(typed, place);
  const std::size_t comma = find_unquoted(typed, head->end, ",");
  std::vector<Candidate> found =
      comma == npos ? parameters(typed, *head) : options(typed, comma, *head);
  // What is spelled otherwise than we would, in quotes perhaps, cannot be continued by a shell.
  std::erase_if(found, [typed](const Candidate& one) { return !one.word.starts_with(typed); });
  return found;
}

std::vector<Candidate> complete_scheme(std::string_view typed) {
  std::vector<Candidate> found;
  for (const Kind* kind : kinds()) {
    add_if_begun(found, typed, std::string(kind->name), kind->summary);
  }
  return found;
}

}  // namespace fid::endpoint
