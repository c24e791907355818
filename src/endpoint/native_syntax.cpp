// SPDX-License-Identifier: MIT
#include "endpoint/native_syntax.hpp"

#include "endpoint/classic_hint.hpp"
#include "endpoint/host_port.hpp"
#include "endpoint/kind/kinds.hpp"
#include "endpoint/quoting.hpp"
#include "endpoint/suggest.hpp"
#include "endpoint/value_text.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

namespace fid::endpoint {
namespace {

constexpr auto npos = std::string_view::npos;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n';
}
bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

/// `text` without the blanks after its commas: what someone who wrote `X, opt` meant.
std::string joined(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (!is_blank(c) || out.empty() || out.back() != ',') out += c;
  }
  return out;
}

/// One address, read from left to right. Each step returns an error, or nothing and has moved at_.
class NativeParser {
 public:
  explicit NativeParser(std::string_view whole) : whole_(whole) {}

  Parsed<Address> parse() {
    if (auto error = read_head()) return *std::move(error);
    if (auto error = read_parameter()) return *std::move(error);
    if (auto error = read_options()) return *std::move(error);
    address_->spelling = whole_;
    return *std::move(address_);
  }

 private:
  using Failed = std::optional<SyntaxError>;

  SyntaxError error(std::size_t offset, std::string message,
                    std::vector<std::string> suggestions = {}) const {
    return {std::move(message), column_at(whole_, offset), std::move(suggestions)};
  }

  /// Finds the kind and the role, and leaves at_ where the parameter starts.
  Failed read_head() {
    if (std::all_of(whole_.begin(), whole_.end(), is_blank)) return error(0, "no address");
    if (whole_.substr(0, 2) == "\\\\" || whole_.substr(0, 4) == "//./") {
      return error(0, "this is the name of a Windows pipe; there are none here");
    }
    const std::size_t end = std::min(whole_.find_first_of(":,/\\'\""), whole_.size());
    const std::string_view head = whole_.substr(0, end);
    if (end < whole_.size() && whole_[end] == '/') {
      address_.emplace(kind::file, Role::connect);
    } else if (end < whole_.size() && whole_[end] == ':') {
      return read_scheme(head, end + 1);
    } else if (head == "-" || to_lower(head) == kind::stdio.name) {
      address_.emplace(kind::stdio, Role::connect);
      at_ = end;
    } else if (all_digits(head)) {
      address_.emplace(kind::fd, Role::connect);
    } else {
      return bare_word(head);
    }
    return {};
  }

  Failed read_scheme(std::string_view word, std::size_t after) {
    const auto scheme = find_scheme(word);
    if (!scheme) return unknown_scheme(word, after);
    if (is_left_out(*scheme->kind)) {
      return error(0, std::string(scheme->kind->name) + " is left out of this build of fid");
    }
    address_.emplace(*scheme->kind, scheme->role);
    word_ = scheme_word(*scheme->kind, scheme->role);
    at_ = after;
    url_ = whole_.substr(after, 2) == "//";
    return {};
  }

  SyntaxError unknown_scheme(std::string_view word, std::size_t after) const {
    const std::string_view rest = whole_.substr(after);
    if (word.size() == 1 && rest.substr(0, 1) == "\\") {
      return error(0, "this is a Windows path; there are none here");
    }
    if (const auto hint = classic_scheme_hint(word, rest)) {
      return error(0, std::string(word) + " is the classic spelling, which is not understood here" +
                          ": write " + *hint);
    }
    if (word.empty() || word.front() == '[' || all_digits(rest.substr(0, rest.find(',')))) {
      return error(0, "no scheme: write tcp://" + std::string(whole_));
    }
    auto near = near_schemes(word);
    std::string message = "unknown scheme " + quoted(word);
    if (near.empty()) message += "; fid addresses lists them all";
    return error(0, std::move(message), std::move(near));
  }

  SyntaxError bare_word(std::string_view word) const {
    if (const auto scheme = find_scheme(word)) {
      return error(word.size(),
                   std::string(word) + " needs more: write " + form(*scheme->kind, scheme->role));
    }
    if (word == whole_) {
      return error(0,
                   quoted(word) + " is no address; a file of that name is ./" + std::string(word),
                   near_schemes(word));
    }
    return error(0, quoted(word) + " is no address; fid addresses lists what can be written",
                 near_schemes(word));
  }

  static std::vector<std::string> near_schemes(std::string_view word) {
    const auto words = scheme_words();
    return nearest_words(word, std::vector<std::string_view>(words.begin(), words.end()));
  }

  Failed read_parameter() {
    address_->parameter_column = column_at(whole_, at_);
    switch (address_->kind->parameter) {
      case Parameter::none:
        if (at_ == whole_.size() || whole_[at_] == ',') return {};
        return error(at_, "stdio takes no parameter: write -");
      case Parameter::host_port:
        return read_host_port();
      case Parameter::path:
        return url_ ? read_url_path() : read_text(address_->path, "path");
      case Parameter::name:
        return url_ ? no_slashes() : read_text(address_->name, "name");
      case Parameter::fd:
      case Parameter::fd_or_name:
        return url_ ? no_slashes() : read_fd();
      case Parameter::command:
        return url_ ? no_slashes() : read_command();
    }
    return {};
  }

  Failed read_host_port() {
    if (url_) at_ += 2;
    address_->parameter_column = column_at(whole_, at_);
    const std::size_t to = std::min(whole_.find_first_of(url_ ? ",/?" : ",", at_), whole_.size());
    const std::string_view text = whole_.substr(at_, to - at_);
    if (!url_ && address_->role == Role::listen && text.find(':') == npos && !text.empty()) {
      const std::string port(text);
      return error(at_,
                   "a port alone is the classic spelling, which is not understood here: write " +
                       word_ + "://*:" + port + " for all addresses, " + word_ + "://:" + port +
                       " for loopback");
    }
    auto parsed = parse_host_port(whole_, at_, to, *address_->kind, word_);
    if (!parsed) return parsed.error();
    address_->host = std::move(parsed->host);
    address_->port = std::move(parsed->port);
    address_->port_column = column_at(whole_, parsed->port_at);
    at_ = to;
    if (at_ < whole_.size() && whole_[at_] == '/') {
      const std::size_t path_end = std::min(whole_.find_first_of(",?", at_), whole_.size());
      if (path_end > at_ + 1)
        return error(at_, std::string(address_->kind->name) + " takes no path");
      at_ = path_end;
    }
    return {};
  }

  Failed read_url_path() {
    const std::string scheme(word_);
    at_ += 2;
    if (at_ >= whole_.size() || whole_[at_] != '/') {
      const std::string rest(whole_.substr(at_));
      if (rest.empty()) return error(at_, "no path: write " + scheme + ":PATH");
      return error(at_ - 2, "two slashes would start a host: write " + scheme + ":/" + rest +
                                " or " + scheme + ":" + rest);
    }
    auto piece = read_piece(whole_, at_, ",?", Percent::decoded);
    if (!piece) return piece.error();
    address_->parameter_column = column_at(whole_, at_);
    address_->path = std::move(piece->text);
    at_ = piece->end;
    return {};
  }

  Failed read_text(std::string& into, std::string_view what) {
    auto piece = read_piece(whole_, at_, ",");
    if (!piece) return piece.error();
    if (piece->text.empty()) {
      return error(at_,
                   "no " + std::string(what) + ": write " + form(*address_->kind, address_->role));
    }
    into = std::move(piece->text);
    at_ = piece->end;
    return {};
  }

  Failed no_slashes() const {
    return error(at_,
                 "no slashes here: write " + word_ + ":" + std::string(whole_.substr(at_ + 2)));
  }

  Failed read_fd() {
    const std::size_t start = at_;
    std::string text;
    if (auto failed = read_text(text, "descriptor")) return failed;
    if (all_digits(text)) {
      const auto number = parse_integer(text);
      if (!number || *number > std::numeric_limits<int>::max()) {
        return error(start, quoted(text) + " is no descriptor: the number is too large");
      }
      address_->fd = static_cast<int>(*number);
      return {};
    }
    if (address_->kind->parameter == Parameter::fd) {
      return error(start, quoted(text) + " is no descriptor: write a number, such as fd:3");
    }
    address_->name = std::move(text);
    return {};
  }

  Failed read_command() {
    auto read = read_words(whole_, at_);
    if (!read) return read.error();
    if (read->words.empty() || read->words.front().empty()) {
      return error(at_, "no command: write " + std::string(address_->kind->form));
    }
    address_->words = std::move(read->words);
    at_ = read->end;
    return {};
  }

  Failed read_options() {
    bool in_query = at_ < whole_.size() && whole_[at_] == '?';
    while (at_ < whole_.size()) {
      in_query = in_query && whole_[at_] != ',';
      ++at_;  // the comma, ? or &
      if (at_ == whole_.size()) {
        return error(at_ - 1, "nothing follows this; options are joined to it without a blank");
      }
      if (is_blank(whole_[at_])) return blank_after_comma();
      if (auto failed = read_option(in_query)) return failed;
    }
    return {};
  }

  SyntaxError blank_after_comma() const {
    std::string message = "a blank after a comma: write " + quoted(joined(whole_));
    if (address_->kind->parameter == Parameter::command) {
      message += ", or \\, if the comma belongs to the command";
    }
    return error(at_, std::move(message));
  }

  Failed read_option(bool in_query) {
    const std::string_view stops = in_query ? "&," : ",";
    const std::size_t start = at_;
    const std::size_t name_end =
        std::min(whole_.find_first_of(in_query ? "=&," : "=,", start), whole_.size());
    const std::string_view name = whole_.substr(start, name_end - start);
    if (name.empty()) return error(start, "an option is missing here");
    const OptionSpec* spec = find_option(*address_->kind, name);
    if (spec == nullptr) return unknown_option(name, start);

    std::optional<std::string> text;
    std::size_t value_at = start;
    at_ = name_end;
    if (at_ < whole_.size() && whole_[at_] == '=') {
      value_at = at_ + 1;
      auto piece =
          read_piece(whole_, value_at, stops, in_query ? Percent::decoded : Percent::ordinary);
      if (!piece) return piece.error();
      text = std::move(piece->text);
      at_ = piece->end;
    }
    auto value = parse_value(*spec, text);
    if (!value) {
      return error(value_at, value.error().message, value.error().suggestions);
    }
    address_->add(
        Option{spec, std::move(text).value_or(""), *std::move(value), column_at(whole_, start)});
    return {};
  }

  SyntaxError unknown_option(std::string_view name, std::size_t start) const {
    const Kind& kind = *address_->kind;
    if (const auto others = kinds_with_option(name); !others.empty()) {
      std::string message =
          quoted(name) + " is no option of " + std::string(kind.name) + ", but of ";
      for (std::size_t i = 0; i < others.size(); ++i) {
        message.append(i == 0                   ? ""
                       : i + 1 == others.size() ? " and "
                                                : ", ")
            .append(others[i]->name);
      }
      return error(start, std::move(message));
    }
    if (const auto hint = classic_option_hint(name)) {
      return error(start, std::string(name) + " is a classic option; " + *hint);
    }
    std::vector<std::string_view> known;
    for (const OptionSpec& spec : kind.options) known.push_back(spec.name);
    auto near = nearest_words(name, known);
    std::string message = "unknown option " + quoted(name) + " for " + std::string(kind.name);
    if (near.empty()) message += "; fid addresses lists them all";
    return error(start, std::move(message), std::move(near));
  }

  std::string_view whole_;
  std::size_t at_ = 0;
  bool url_ = false;
  std::string word_;  // the scheme as it is to be shown
  std::optional<Address> address_;
};

/// `A!!B`, outside quotes and with something that looks like an address behind it.
std::optional<SyntaxError> refuse_dual(std::string_view text) {
  for (std::size_t at = find_unquoted(text, 0, "!"); at != npos;
       at = find_unquoted(text, at + 1, "!")) {
    if (text.substr(at, 2) != "!!") continue;
    return SyntaxError{
        "two addresses joined by !! are the classic spelling, which is not understood here; "
        "quote !! if it belongs to a name",
        column_at(text, at),
        {}};
  }
  return {};
}

}  // namespace

Parsed<Address> parse_native(std::string_view text, Place place) {
  if (auto error = refuse_dual(text)) return *std::move(error);
  Parsed<Address> address = NativeParser(text).parse();
  if (!address) return address;
  return placed(*std::move(address), place);
}

}  // namespace fid::endpoint
