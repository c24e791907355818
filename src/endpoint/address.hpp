// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/option.hpp"
#include "endpoint/registry.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fid::endpoint {

/// An option as it was written on an address.
struct Option {
  const OptionSpec* spec;
  std::string text;  ///< after `=`, quotes taken off; empty for a bare flag
  Value value;
  std::size_t column;
};

enum class Secrets { masked, shown };

/// An address as it was understood. fid-addresses(7) says how it is written.
///
/// Shape: a value. A parser fills it, whatever the syntax; nothing here opens anything. Which of
/// the parameters mean something is said by kind->parameter. Two addresses are equal when they mean
/// the same, however they were spelled.
class Address {
 public:
  Address(const Kind& of, Role in);

  const Kind* kind;
  Role role;

  std::string host;                ///< host_port: name or literal, without brackets; "*"; or empty
  std::string port;                ///< host_port: a number or the name of a service
  std::string path;                ///< path
  std::string name;                ///< name; fd_or_name unless it is a number
  std::optional<int> fd;           ///< fd; fd_or_name if it is a number
  std::vector<std::string> words;  ///< command: the program and its arguments

  std::string spelling;              ///< what it was parsed from
  std::size_t parameter_column = 1;  ///< where the parameter stands in it
  std::size_t port_column = 1;

  const std::vector<Option>& options() const noexcept { return options_; }
  /// What the user may want to know and is no error, one line each.
  const std::vector<std::string>& notes() const noexcept { return notes_; }

  /// Adds an option. Given twice the last wins, with a note; lists collect.
  void add(Option option);

  /// The option as it was written, or null. `name` is its proper name, no alias.
  const Option* written(std::string_view option) const;

  /// The value that holds: as written, else the kind's default, else nothing. Empty as well if the
  /// kind has no such option. The option must be of the type asked for.
  std::optional<bool> flag(std::string_view option) const;
  std::optional<std::size_t> size(std::string_view option) const;
  std::optional<std::int64_t> integer(std::string_view option) const;
  std::optional<Duration> duration(std::string_view option) const;
  std::optional<unsigned> mode(std::string_view option) const;
  /// Of texts, users, groups and choices.
  std::optional<std::string> text(std::string_view option) const;
  /// Empty if it was not written.
  std::vector<std::string> list(std::string_view option) const;

  /// What a client would be told: `tcp://127.0.0.1:4321`, `unix:/run/x.sock`. No options, no
  /// -listen.
  std::string url() const;
  /// All of it in one fixed spelling; parsing what Secrets::shown gives yields an equal address.
  std::string canonical(Secrets secrets) const;
  /// For messages: as it was typed, or canonical() if that would give a secret away.
  std::string display() const;

  friend bool operator==(const Address& a, const Address& b);

 private:
  struct Default {
    const OptionSpec* spec;
    Value value;
  };

  /// Null if there is none.
  const Value* value(std::string_view option) const;

  std::vector<Option> options_;
  std::vector<Default> defaults_;  ///< of the kind: asked for again with each connection
  std::vector<std::string> notes_;
};

/// How `option` is written, without the comma: `nodelay`, `sndbuf=64KiB`; a list takes several.
std::vector<std::string> spell(const Option& option, Secrets secrets);

/// `exec` with words that need no splitting: what follows `--`.
Address command_address(std::vector<std::string> words);

}  // namespace fid::endpoint
