// SPDX-License-Identifier: MIT
#include "endpoint/registry.hpp"

#include "endpoint/kind/kinds.hpp"
#include "endpoint/value_text.hpp"

#include <array>

namespace fid::endpoint {
namespace {

// clang-format off
constexpr std::array table = {
    &kind::tcp,
    &kind::tcp4,
    &kind::tcp6,
    &kind::udp,
    &kind::udp4,
    &kind::udp6,
    &kind::unix_stream,
    &kind::unix_seqpacket,
    &kind::unix_datagram,
    &kind::abstract,
    &kind::fifo,
    &kind::file,
    &kind::fd,
    &kind::listen_fd,
    &kind::exec,
    &kind::stdio,
};
// clang-format on

constexpr std::string_view listen_suffix = "-listen";

}  // namespace

std::span<const Kind* const> kinds() {
  return table;
}

bool is_left_out(const Kind& kind) {
  return FID_EXEC == 0 && &kind == &kind::exec;
}

std::optional<Scheme> find_scheme(std::string_view word) {
  const std::string name = to_lower(word);
  for (const Kind* kind : table) {
    if (name == kind->name) {
      return Scheme{kind, kind->roles == Roles::listens    ? Role::listen
                          : kind->roles == Roles::connects ? Role::connect
                                                           : Role::by_place};
    }
    if (has_listen_form(*kind) && name == scheme_word(*kind, Role::listen)) {
      return Scheme{kind, Role::listen};
    }
  }
  return {};
}

const OptionSpec* find_option(const Kind& kind, std::string_view word) {
  for (const OptionSpec& spec : kind.options) {
    if (is_named(spec, word)) return &spec;
  }
  return nullptr;
}

std::vector<const Kind*> kinds_with_option(std::string_view word) {
  std::vector<const Kind*> found;
  for (const Kind* kind : table) {
    if (find_option(*kind, word) != nullptr) found.push_back(kind);
  }
  return found;
}

std::string scheme_word(const Kind& kind, Role role) {
  std::string word(kind.name);
  if (role == Role::listen && has_listen_form(kind)) word.append(listen_suffix);
  return word;
}

std::string form(const Kind& kind, Role role) {
  std::string text(kind.form);
  if (role == Role::listen && has_listen_form(kind)) text.insert(kind.name.size(), listen_suffix);
  return text;
}

std::vector<std::string> scheme_words() {
  std::vector<std::string> words;
  for (const Kind* kind : table) {
    words.emplace_back(kind->name);
    if (has_listen_form(*kind)) words.push_back(scheme_word(*kind, Role::listen));
  }
  return words;
}

}  // namespace fid::endpoint
