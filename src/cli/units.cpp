// SPDX-License-Identifier: MIT
#include "cli/units.hpp"

#include "endpoint/units.hpp"

#include <CLI/Error.hpp>

#include <charconv>
#include <system_error>

namespace fid::cli {
namespace {

/// An option whose word `parse` turns into a quantity; `expected` says how to write one.
template <class Parse, class Target>
CLI::Option* add_quantity(CLI::App& app, const std::string& names, Parse parse, Target& into,
                          std::string_view expected, const std::string& help) {
  // CLI11 adds the option's name to what a check says. It runs before the value is taken.
  const auto check = [parse, expected](const std::string& text) {
    return parse(text) ? std::string()
                       : "'" + text + "' is not understood, write " + std::string(expected);
  };
  const auto take = [parse, &into](const std::string& text) { into = *parse(text); };
  return app.add_option_function<std::string>(names, take, help)->check(check);
}

}  // namespace

CLI::Option* add_duration(CLI::App& app, const std::string& names, Duration& into,
                          const std::string& help) {
  return add_quantity(app, names, endpoint::parse_duration, into, endpoint::duration_units, help)
      ->type_name("TIME");
}

CLI::Option* add_duration(CLI::App& app, const std::string& names, std::optional<Duration>& into,
                          const std::string& help) {
  return add_quantity(app, names, endpoint::parse_duration, into, endpoint::duration_units, help)
      ->type_name("TIME");
}

CLI::Option* add_size(CLI::App& app, const std::string& names, std::optional<std::uint64_t>& into,
                      const std::string& help) {
  return add_quantity(app, names, endpoint::parse_size, into, endpoint::size_units, help)
      ->type_name("SIZE");
}

std::optional<int> whole_number(std::string_view word) {
  int number = 0;
  const char* const end = word.data() + word.size();
  const auto [rest, error] = std::from_chars(word.data(), end, number);
  if (error != std::errc() || rest != end) return std::nullopt;
  return number;
}

CLI::Validator at_least(int least) {
  return CLI::Validator(
      [least](const std::string& word) {
        const auto number = whole_number(word);
        return number && *number >= least
                   ? std::string()
                   : "'" + word + "' is not a whole number of at least " + std::to_string(least);
      },
      "");
}

}  // namespace fid::cli
