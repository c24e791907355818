// SPDX-License-Identifier: MIT
#include "endpoint/quoting.hpp"

#include <optional>
#include <utility>

namespace fid::endpoint {
namespace {

constexpr auto npos = std::string_view::npos;

bool contains(std::string_view set, char c) {
  return set.find(c) != npos;
}

/// Walks over quoted text; next() gives one character at a time, without its quotes.
class Scanner {
 public:
  Scanner(std::string_view whole, std::size_t from) : whole_(whole), at_(from) {}

  std::size_t at() const { return at_; }
  bool quoted() const { return quoted_; }
  /// Whether the character before was an opening or closing quote: '' is a word too.
  bool quote_seen() const { return quote_seen_; }
  void forget_quote() { quote_seen_ = false; }

  /// The next character and whether it is to be taken as it is; nothing at the end.
  std::optional<char> next() {
    quoted_ = false;
    while (at_ < whole_.size()) {
      const char c = whole_[at_];
      if (quote_ != 0 && c == quote_) {
        quote_ = 0;
        ++at_;
      } else if (quote_ == 0 && (c == '\'' || c == '"')) {
        quote_ = c;
        quote_at_ = at_++;
        quote_seen_ = true;
      } else {
        const std::string_view escapable = quote_ == 0 ? ",'\"\\ " : quote_ == '"' ? "\"\\" : "";
        const bool escape =
            c == '\\' && at_ + 1 < whole_.size() && contains(escapable, whole_[at_ + 1]);
        quoted_ = escape || quote_ != 0;
        at_ += escape ? 2 : 1;
        return escape ? whole_[at_ - 1] : c;
      }
    }
    return {};
  }

  std::optional<SyntaxError> unclosed() const {
    if (quote_ == 0) return {};
    return SyntaxError{std::string("this quote is not closed; a plain one is written \\") + quote_,
                       column_at(whole_, quote_at_),
                       {}};
  }

 private:
  std::string_view whole_;
  std::size_t at_;
  std::size_t quote_at_ = 0;
  char quote_ = 0;
  bool quoted_ = false;
  bool quote_seen_ = false;
};

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// The byte that the two digits at `at` stand for, or -1.
int hex_byte(std::string_view whole, std::size_t at) {
  if (at + 2 > whole.size()) return -1;
  const int high = hex_digit(whole[at]);
  const int low = hex_digit(whole[at + 1]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/// Whether it would mean something else without quotes: the start of a host, or two addresses.
bool is_misread(std::string_view text) {
  return text.substr(0, 2) == "//" || text.find("!!") != npos;
}

std::string in_quotes(std::string_view text) {
  const bool single = !contains(text, '\'');
  std::string out(1, single ? '\'' : '"');
  for (const char c : text) {
    if (!single && contains("\"\\", c)) out += '\\';
    out += c;
  }
  return out += single ? '\'' : '"';
}

}  // namespace

Parsed<Piece> read_piece(std::string_view whole, std::size_t from, std::string_view stops,
                         Percent percent) {
  Piece piece{{}, from};
  Scanner scanner(whole, from);
  while (const auto c = scanner.next()) {
    if (!scanner.quoted() && contains(stops, *c)) {
      piece.end = scanner.at() - 1;
      return piece;
    }
    if (*c == '%' && !scanner.quoted() && percent == Percent::decoded) {
      const int byte = hex_byte(whole, scanner.at());
      if (byte <= 0) {
        return SyntaxError{"% is followed by two hexadecimal digits, not 00; a plain one is %25",
                           column_at(whole, scanner.at() - 1),
                           {}};
      }
      piece.text += static_cast<char>(byte);
      scanner = Scanner(whole, scanner.at() + 2);
    } else {
      piece.text += *c;
    }
  }
  if (auto error = scanner.unclosed()) return *std::move(error);
  piece.end = whole.size();
  return piece;
}

Parsed<Words> read_words(std::string_view whole, std::size_t from) {
  Words result{{}, whole.size()};
  Scanner scanner(whole, from);
  std::string word;
  const auto finish = [&] {
    if (!word.empty() || scanner.quote_seen()) result.words.push_back(std::exchange(word, {}));
    scanner.forget_quote();
  };
  while (const auto c = scanner.next()) {
    if (scanner.quoted() || !contains(", \t\n", *c)) {
      word += *c;
      continue;
    }
    finish();
    if (*c == ',') {
      result.end = scanner.at() - 1;
      return result;
    }
  }
  if (auto error = scanner.unclosed()) return *std::move(error);
  finish();
  return result;
}

std::size_t find_unquoted(std::string_view whole, std::size_t from, std::string_view stops) {
  Scanner scanner(whole, from);
  while (const auto c = scanner.next()) {
    if (!scanner.quoted() && contains(stops, *c)) return scanner.at() - 1;
  }
  return npos;
}

std::string escape(std::string_view text) {
  if (is_misread(text)) return in_quotes(text);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    // A backslash needs one only where the reader would take it for an escape.
    const bool before_escapable = i + 1 == text.size() || contains(",'\"\\ ", text[i + 1]);
    if (contains(",'\"", text[i]) || (text[i] == '\\' && before_escapable)) out += '\\';
    out += text[i];
  }
  return out;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte == 0x7F || contains("%?&,'\"\\#!", c)) {
      out.append(1, '%').append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
    } else {
      out += c;
    }
  }
  return out;
}

std::string quote_word(std::string_view word) {
  const bool plain = !word.empty() && word.find_first_of(", \t\n'\"\\") == npos;
  return plain && !is_misread(word) ? std::string(word) : in_quotes(word);
}

}  // namespace fid::endpoint
