// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fid::endpoint {

/// How many slips of the finger lie between two words: letters missing, added, wrong, or swapped
/// with their neighbour, each counted once. Upper and lower case are the same.
/// Damerau-Levenshtein distance (optimal string alignment)
std::size_t slips_between(std::string_view a, std::string_view b);

/// The words of `known` that `typed` was most likely meant to be, nearest first, at most `limit`.
/// Empty if none is near: a suggestion that is plainly wrong is worse than none.
std::vector<std::string> nearest_words(std::string_view typed,
                                       std::span<const std::string_view> known,
                                       std::size_t limit = 3);

/// `did you mean "a" or "b"?`, or empty if there is nothing to suggest.
std::string did_you_mean(std::span<const std::string> words);

}  // namespace fid::endpoint
