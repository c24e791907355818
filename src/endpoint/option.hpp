// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/syntax_error.hpp"

#include <fid/base/clock.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace fid::endpoint {

/// What an address is asked to do. A plain scheme leaves it to the place where it is written.
enum class Role { by_place, connect, listen };

/// The roles in which a kind can be used, or an option has an effect.
enum class Roles : unsigned { connects = 1, listens = 2, both = 3 };

/// Whether `roles` has `role`; by_place may still become either.
constexpr bool allows(Roles roles, Role role) noexcept {
  if (role == Role::by_place) return true;
  const Roles one = role == Role::connect ? Roles::connects : Roles::listens;
  return (static_cast<unsigned>(roles) & static_cast<unsigned>(one)) != 0;
}

enum class ValueType { flag, size, duration, integer, mode, text, user, group, choice, list };

/// When an option takes effect.
enum class When { opening, before_bind, before_connect, connected, relaying };

/// The value of an option: flag, integer (size, integer, mode), duration, text, list of texts.
using Value = std::variant<bool, std::int64_t, Duration, std::string, std::vector<std::string>>;

/// What an option is: one row in a table of a kind. Parser, help, explain and completions read it.
struct OptionSpec {
  std::string_view name = {};
  std::string_view aliases = {};  ///< other names, separated by |
  ValueType type = ValueType::flag;
  std::string_view value_name =
      {};                         ///< what stands for the value in help, if the type's will not do
  std::string_view choices = {};  ///< of ValueType::choice, separated by |
  std::int64_t least = 0;         ///< of sizes and integers
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
  std::string_view default_text = {};  ///< what holds when it is not written; empty: nothing
  Roles roles = Roles::both;
  When when = When::opening;
  std::string_view help = {};  ///< one line, no full stop
  std::string_view example = {};
  bool secret = false;  ///< what follows `=` in its value is masked when the address is printed
};

/// The words of `a|b|c`.
std::vector<std::string_view> split_words(std::string_view words);

/// Whether `word` is the option's name or one of its aliases, in any case.
bool is_named(const OptionSpec& spec, std::string_view word);

/// Reads what was written after `=`; nothing if there was no `=`. The error's column counts within
/// `text`. A list takes one element at a time.
Parsed<Value> parse_value(const OptionSpec& spec, std::optional<std::string_view> text);

/// The value as one would write it: `64KiB`, `5s`, `0660`, `yes`. Lists are joined with blanks.
std::string format_value(const OptionSpec& spec, const Value& value);

/// The value that holds when the option is not written.
std::optional<Value> default_value(const OptionSpec& spec);

/// How it is written, for help: `sndbuf=SIZE`, `nodelay[=no]`, `eof=half|close|ignore`.
std::string usage(const OptionSpec& spec);

/// When it takes effect, in words: "before binding".
std::string_view describe(When when);

}  // namespace fid::endpoint
