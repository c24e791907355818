// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/syntax_error.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// How the pieces of an address are kept apart.
///
/// A comma ends a path, a command or a value. A backslash before a comma, a quote, a backslash or a
/// blank makes it ordinary; before anything else it is itself ordinary. '...' and "..." keep what
/// is between them together; within "..." a backslash still serves `"` and `\`.
namespace fid::endpoint {

/// A piece of an address with its quotes taken off.
struct Piece {
  std::string text;
  std::size_t end;  ///< where in the whole it stopped: at a stop character, or at the end
};

enum class Percent { ordinary, decoded };

/// Reads from `from` to the first of `stops` that is not quoted. With Percent::decoded %2C is a
/// comma, as after `://`.
Parsed<Piece> read_piece(std::string_view whole, std::size_t from, std::string_view stops,
                         Percent percent = Percent::ordinary);

/// A command, split at blanks, up to the first comma that is not quoted.
struct Words {
  std::vector<std::string> words;
  std::size_t end;
};
Parsed<Words> read_words(std::string_view whole, std::size_t from);

/// Where the first character of `stops` that is not quoted stands, or npos.
std::size_t find_unquoted(std::string_view whole, std::size_t from, std::string_view stops);

/// `text` so that read_piece() gives it back and stops after it: `a\,b`.
std::string escape(std::string_view text);

/// `text` so that Percent::decoded gives it back; `/` stays as it is.
std::string percent_encode(std::string_view text);

/// One word of a command, quoted if it must be.
std::string quote_word(std::string_view word);

}  // namespace fid::endpoint
