// SPDX-License-Identifier: MIT
#include "endpoint/syntax_error.hpp"

#include "endpoint/suggest.hpp"

#include <algorithm>

namespace fid::endpoint {

std::string SyntaxError::text() const {
  std::string line = "column " + std::to_string(column) + ": " + message;
  if (!suggestions.empty()) line.append("; ").append(did_you_mean(suggestions));
  return line;
}

std::size_t column_at(std::string_view text, std::size_t offset) {
  const auto starts_character = [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  };
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  return 1 +
         static_cast<std::size_t>(std::count_if(before.begin(), before.end(), starts_character));
}

std::string quoted(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      out.append("\\x").append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
    } else {
      out += c;
    }
  }
  return out += '"';
}

}  // namespace fid::endpoint
