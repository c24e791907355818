// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/option.hpp"

#include <fid/task/task.hpp>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fid::endpoint {

class Address;
class Listener;
struct Connection;
using ConnectionPtr = std::unique_ptr<Connection>;
struct OpenContext;

/// What a kind needs to be told besides its options.
enum class Parameter {
  none,
  host_port,
  path,
  name,        ///< any bytes
  fd,          ///< a descriptor's number
  fd_or_name,  ///< the same, or the name a supervisor gave it
  command,     ///< a program and its arguments
};

/// What passes through it.
enum class Traffic {
  stream,     ///< bytes, both ways
  one_way,    ///< bytes, in the direction it was opened for
  datagrams,  ///< messages, each by itself; may be lost, has no end
  records,    ///< messages in order, on a connection
  any,        ///< known once it is open
};

/// Which addresses a host may have.
enum class Family { any, ipv4, ipv6 };

/// One kind of address: a row of the table behind the parser, the help and `fid addresses`.
struct Kind {
  std::string_view name = {};  ///< the scheme, in lower case; NAME-listen is its passive form
  std::string_view form = {};  ///< `tcp://HOST:PORT`
  std::string_view summary = {};
  Parameter parameter = Parameter::none;
  Family family = Family::any;
  Roles roles = Roles::connects;
  Traffic traffic = Traffic::stream;
  /// Opening it touches nothing that the whole process shares, so that several threads may.
  bool any_thread = false;
  std::span<const OptionSpec> options = {};
  std::string_view example = {};
  std::string_view help = {};  ///< a paragraph: what the form and the summary leave open
  /// See endpoint.hpp; null for a role that the kind does not have.
  Task<ConnectionPtr> (*open)(const Address&, const OpenContext&) = nullptr;
  Task<std::unique_ptr<Listener>> (*listen)(const Address&, const OpenContext&) = nullptr;
};

/// All kinds, in the order in which they are listed.
std::span<const Kind* const> kinds();

/// A scheme as it was written: the kind, and the role if the word says it.
struct Scheme {
  const Kind* kind;
  Role role;
};

/// Whether this build does without that kind: it is known by name, and cannot be opened.
bool is_left_out(const Kind& kind);

/// Finds `tcp` or `tcp-listen`, in any case.
std::optional<Scheme> find_scheme(std::string_view word);

/// The option of that name or alias that `kind` has, or null.
const OptionSpec* find_option(const Kind& kind, std::string_view word);

/// The kinds that have an option of that name.
std::vector<const Kind*> kinds_with_option(std::string_view word);

/// Whether NAME-listen is a word of its own: only where both roles exist.
constexpr bool has_listen_form(const Kind& kind) {
  return kind.roles == Roles::both;
}

/// The word for `kind` in that role: `tcp`, `tcp-listen`, `listen-fd`.
std::string scheme_word(const Kind& kind, Role role);

/// The kind's form in that role: `tcp-listen://HOST:PORT`.
std::string form(const Kind& kind, Role role);

/// Every word that find_scheme() knows.
std::vector<std::string> scheme_words();

}  // namespace fid::endpoint
