// SPDX-License-Identifier: MIT
#include "cli/choice.hpp"

#include "endpoint/suggest.hpp"

namespace fid::cli {

std::string no_such_word(std::string_view word, const std::vector<std::string_view>& words) {
  std::string text = "'" + std::string(word) + "' is not one of ";
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  const auto near = endpoint::nearest_words(word, words, 1);
  if (!near.empty()) text += "; " + endpoint::did_you_mean(near);
  return text;
}

}  // namespace fid::cli
