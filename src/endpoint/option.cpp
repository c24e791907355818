// SPDX-License-Identifier: MIT
#include "endpoint/option.hpp"

#include "endpoint/suggest.hpp"
#include "endpoint/units.hpp"
#include "endpoint/value_text.hpp"

namespace fid::endpoint {
namespace {

std::string_view value_name(const OptionSpec& spec) {
  if (!spec.value_name.empty()) return spec.value_name;
  switch (spec.type) {
    case ValueType::flag:
      return "yes|no";
    case ValueType::size:
      return "SIZE";
    case ValueType::duration:
      return "TIME";
    case ValueType::integer:
      return "N";
    case ValueType::mode:
      return "MODE";
    case ValueType::user:
      return "USER";
    case ValueType::group:
      return "GROUP";
    case ValueType::choice:
      return spec.choices;
    case ValueType::text:
    case ValueType::list:
      return "TEXT";
  }
  return {};
}

SyntaxError not_a(const OptionSpec& spec, std::string_view text, std::string_view what) {
  std::string message(spec.name);
  message.append(": ").append(quoted(text)).append(" is not ").append(what);
  return {std::move(message), 1, {}};
}

Parsed<Value> in_range(const OptionSpec& spec, std::string_view text, std::int64_t number,
                       Value value, std::string (*format)(std::int64_t)) {
  if (number >= spec.least && number <= spec.most) return value;
  std::string message = std::string(spec.name) + ": " + quoted(text);
  message += number < spec.least ? " is too small, the least is " + format(spec.least)
                                 : " is too large, the most is " + format(spec.most);
  return SyntaxError{std::move(message), 1, {}};
}

Parsed<Value> parse_choice(const OptionSpec& spec, std::string_view text) {
  const auto known = split_words(spec.choices);
  std::string word = to_lower(text);
  for (const std::string_view choice : known) {
    if (choice == word) return Value(std::move(word));
  }
  std::string all;
  for (const std::string_view choice : known) all.append(all.empty() ? "" : ", ").append(choice);
  SyntaxError error = not_a(spec, text, "one of " + all);
  error.suggestions = nearest_words(text, known);
  return error;
}

Parsed<Value> parse_list_element(const OptionSpec& spec, std::string_view text) {
  // NAME=VALUE is the only shape of element that has to be checked.
  if (spec.value_name == "NAME=VALUE" && text.find('=', 1) == std::string_view::npos) {
    return not_a(spec, text, "NAME=VALUE");
  }
  return Value(std::vector<std::string>{std::string(text)});
}

}  // namespace

std::vector<std::string_view> split_words(std::string_view words) {
  std::vector<std::string_view> list;
  while (!words.empty()) {
    const std::size_t bar = words.find('|');
    list.push_back(words.substr(0, bar));
    words = bar == std::string_view::npos ? std::string_view{} : words.substr(bar + 1);
  }
  return list;
}

bool is_named(const OptionSpec& spec, std::string_view word) {
  const std::string name = to_lower(word);
  if (spec.name == name) return true;
  for (const std::string_view alias : split_words(spec.aliases)) {
    if (alias == name) return true;
  }
  return false;
}

Parsed<Value> parse_value(const OptionSpec& spec, std::optional<std::string_view> written) {
  if (!written) {
    if (spec.type == ValueType::flag) return Value(true);
    return SyntaxError{std::string(spec.name) + " needs a value: " + usage(spec), 1, {}};
  }
  const std::string_view text = *written;
  switch (spec.type) {
    case ValueType::flag: {
      const auto on = parse_switch(text);
      if (!on) return not_a(spec, text, "yes or no");
      return Value(*on);
    }
    case ValueType::size: {
      const auto bytes = parse_size(text);
      if (!bytes) return not_a(spec, text, std::string("a size: write ").append(size_units));
      const auto number = static_cast<std::int64_t>(*bytes);
      return in_range(spec, text, number, number,
                      [](std::int64_t n) { return format_size(static_cast<std::uint64_t>(n)); });
    }
    case ValueType::duration: {
      const auto time = parse_duration(text);
      if (!time) return not_a(spec, text, std::string("a time: write ").append(duration_units));
      return Value(*time);
    }
    case ValueType::integer: {
      const auto number = parse_integer(text);
      if (!number) return not_a(spec, text, "a whole number");
      return in_range(spec, text, *number, *number,
                      [](std::int64_t n) { return std::to_string(n); });
    }
    case ValueType::mode: {
      const auto mode = parse_mode(text);
      if (!mode) return not_a(spec, text, "a file mode in octal, such as 0660");
      return Value(static_cast<std::int64_t>(*mode));
    }
    case ValueType::choice:
      return parse_choice(spec, text);
    case ValueType::list:
      return parse_list_element(spec, text);
    case ValueType::text:
    case ValueType::user:
    case ValueType::group:
      if (text.empty()) {
        return SyntaxError{std::string(spec.name) + " is empty: " + usage(spec), 1, {}};
      }
      return Value(std::string(text));
  }
  return not_a(spec, text, "understood");
}

std::string format_value(const OptionSpec& spec, const Value& value) {
  switch (spec.type) {
    case ValueType::flag:
      return std::get<bool>(value) ? "yes" : "no";
    case ValueType::size:
      return format_size(static_cast<std::uint64_t>(std::get<std::int64_t>(value)));
    case ValueType::duration:
      return format_duration(std::get<Duration>(value));
    case ValueType::integer:
      return std::to_string(std::get<std::int64_t>(value));
    case ValueType::mode:
      return format_mode(static_cast<unsigned>(std::get<std::int64_t>(value)));
    case ValueType::list: {
      std::string joined;
      for (const std::string& element : std::get<std::vector<std::string>>(value)) {
        joined.append(joined.empty() ? "" : " ").append(element);
      }
      return joined;
    }
    case ValueType::text:
    case ValueType::user:
    case ValueType::group:
    case ValueType::choice:
      return std::get<std::string>(value);
  }
  return {};
}

std::optional<Value> default_value(const OptionSpec& spec) {
  if (spec.default_text.empty()) return {};
  Parsed<Value> value = parse_value(spec, spec.default_text);
  if (!value) return {};
  return *std::move(value);
}

std::string usage(const OptionSpec& spec) {
  std::string text(spec.name);
  if (spec.type == ValueType::flag) {
    return spec.default_text == "yes" ? text.append("[=no]") : text;
  }
  return text.append("=").append(value_name(spec));
}

std::string_view describe(When when) {
  switch (when) {
    case When::opening:
      return "on opening";
    case When::before_bind:
      return "before binding";
    case When::before_connect:
      return "before connecting";
    case When::connected:
      return "once connected";
    case When::relaying:
      return "while relaying";
  }
  return {};
}

}  // namespace fid::endpoint
