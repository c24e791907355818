// SPDX-License-Identifier: MIT
#include "endpoint/address.hpp"

#include "endpoint/kind/kinds.hpp"
#include "endpoint/quoting.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace fid::endpoint {
namespace {

constexpr auto npos = std::string_view::npos;

bool has_control_characters(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0x7F;
  });
}

/// What follows the scheme.
std::string parameter_text(const Address& address) {
  switch (address.kind->parameter) {
    case Parameter::none:
      return {};
    case Parameter::host_port: {
      const bool brackets = address.host.find(':') != npos;
      std::string text = "://";
      text.append(brackets ? "[" : "").append(address.host).append(brackets ? "]" : "");
      return text.append(":").append(address.port);
    }
    case Parameter::path:
      // `unix:` must not be followed by two slashes, and a URL stays on its line.
      if (address.path.substr(0, 2) == "//" ||
          (address.path.substr(0, 1) == "/" && has_control_characters(address.path))) {
        return "://" + percent_encode(address.path);
      }
      return ":" + escape(address.path);
    case Parameter::name:
      return ":" + escape(address.name);
    case Parameter::fd:
    case Parameter::fd_or_name:
      return ":" + (address.fd ? std::to_string(*address.fd) : escape(address.name));
    case Parameter::command: {
      std::string text;
      for (const std::string& word : address.words) {
        text.append(text.empty() ? ":" : " ").append(quote_word(word));
      }
      return text;
    }
  }
  return {};
}

/// A value that is secret keeps its name: `TOKEN=***`.
std::string mask(std::string_view value) {
  const std::size_t equals = value.find('=', 1);
  const std::string_view kept = equals == npos ? std::string_view() : value.substr(0, equals + 1);
  return std::string(kept) + "***";
}

}  // namespace

Address::Address(const Kind& of, Role in) : kind(&of), role(in) {
  for (const OptionSpec& spec : of.options) {
    if (auto value = default_value(spec)) defaults_.push_back({&spec, *std::move(value)});
  }
}

void Address::add(Option option) {
  const auto same = [&](const Option& other) { return other.spec == option.spec; };
  const auto earlier = std::find_if(options_.begin(), options_.end(), same);
  if (earlier == options_.end()) {
    options_.push_back(std::move(option));
  } else if (option.spec->type == ValueType::list) {
    auto& list = std::get<std::vector<std::string>>(earlier->value);
    for (std::string& element : std::get<std::vector<std::string>>(option.value)) {
      list.push_back(std::move(element));
    }
  } else {
    notes_.push_back(std::string(option.spec->name) + " is given twice; the last, at column " +
                     std::to_string(option.column) + ", holds");
    *earlier = std::move(option);
  }
}

const Option* Address::written(std::string_view option) const {
  for (const Option& one : options_) {
    if (one.spec->name == option) return &one;
  }
  return nullptr;
}

const Value* Address::value(std::string_view option) const {
  if (const Option* one = written(option)) return &one->value;
  for (const Default& one : defaults_) {
    if (one.spec->name == option) return allows(one.spec->roles, role) ? &one.value : nullptr;
  }
  return nullptr;
}

std::optional<bool> Address::flag(std::string_view option) const {
  const Value* found = value(option);
  if (found == nullptr) return {};
  return std::get<bool>(*found);
}

std::optional<std::size_t> Address::size(std::string_view option) const {
  const auto found = integer(option);
  if (!found) return {};
  return static_cast<std::size_t>(*found);
}

std::optional<std::int64_t> Address::integer(std::string_view option) const {
  const Value* found = value(option);
  if (found == nullptr) return {};
  return std::get<std::int64_t>(*found);
}

std::optional<Duration> Address::duration(std::string_view option) const {
  const Value* found = value(option);
  if (found == nullptr) return {};
  return std::get<Duration>(*found);
}

std::optional<unsigned> Address::mode(std::string_view option) const {
  const auto found = integer(option);
  if (!found) return {};
  return static_cast<unsigned>(*found);
}

std::optional<std::string> Address::text(std::string_view option) const {
  const Value* found = value(option);
  if (found == nullptr) return {};
  return std::get<std::string>(*found);
}

std::vector<std::string> Address::list(std::string_view option) const {
  const Value* found = value(option);
  if (found == nullptr) return {};
  return std::get<std::vector<std::string>>(*found);
}

std::string Address::url() const {
  if (kind->parameter == Parameter::none) return std::string(kind->form);
  return std::string(kind->name) + parameter_text(*this);
}

std::string Address::canonical(Secrets secrets) const {
  std::string text = kind->parameter == Parameter::none
                         ? std::string(kind->form)
                         : scheme_word(*kind, role) + parameter_text(*this);
  for (const Option& option : options_) {
    for (const std::string& one : spell(option, secrets)) text.append(",").append(one);
  }
  return text;
}

std::string Address::display() const {
  const bool secret = std::any_of(options_.begin(), options_.end(),
                                  [](const Option& option) { return option.spec->secret; });
  return secret || spelling.empty() ? canonical(Secrets::masked) : spelling;
}

bool operator==(const Address& a, const Address& b) {
  const auto parts = [](const Address& x) {
    return std::tie(x.kind, x.role, x.host, x.port, x.path, x.name, x.fd, x.words);
  };
  const auto found_in_b = [&](const Option& option) {
    const Option* other = b.written(option.spec->name);
    return other != nullptr && other->value == option.value;
  };
  return parts(a) == parts(b) && a.options_.size() == b.options_.size() &&
         std::all_of(a.options_.begin(), a.options_.end(), found_in_b);
}

std::vector<std::string> spell(const Option& option, Secrets secrets) {
  const OptionSpec& spec = *option.spec;
  if (spec.type == ValueType::flag && std::get<bool>(option.value)) {
    return {std::string(spec.name)};
  }
  std::vector<std::string> values;
  if (spec.type == ValueType::list) {
    values = std::get<std::vector<std::string>>(option.value);
  } else {
    values.push_back(format_value(spec, option.value));
  }
  for (std::string& value : values) {
    const bool masked = spec.secret && secrets == Secrets::masked;
    const std::string text = escape(masked ? mask(value) : value);
    value = spec.name;
    value.append("=").append(text);
  }
  return values;
}

Address command_address(std::vector<std::string> words) {
  Address address(kind::exec, Role::connect);
  address.words = std::move(words);
  return address;
}

}  // namespace fid::endpoint
