// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace fid::endpoint {

/// Why a text is not an address. Status 2 of the program.
struct [[nodiscard]] SyntaxError {
  std::string message;
  std::size_t column = 1;                ///< counted in characters, from 1
  std::vector<std::string> suggestions;  ///< words that were perhaps meant, nearest first

  /// One line: `column 14: unknown option "nodealy" for tcp; did you mean "nodelay"?`
  std::string text() const;
  friend bool operator==(const SyntaxError&, const SyntaxError&) = default;
};

/// A value read from text, or the reason why the text is none.
template <class T>
class [[nodiscard]] Parsed {
 public:
  Parsed(T value) : state_(std::move(value)) {}
  Parsed(SyntaxError error) : state_(std::move(error)) {}

  explicit operator bool() const noexcept { return state_.index() == 0; }
  bool has_value() const noexcept { return state_.index() == 0; }

  T& operator*() & { return std::get<0>(state_); }
  const T& operator*() const& { return std::get<0>(state_); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }
  const SyntaxError& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, SyntaxError> state_;
};

/// The column of the byte at `offset`: a character of several bytes takes one column.
std::size_t column_at(std::string_view text, std::size_t offset);

/// `text` in double quotes, control characters as \xHH, so that a message stays on its line.
std::string quoted(std::string_view text);

}  // namespace fid::endpoint
