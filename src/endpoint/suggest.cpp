// SPDX-License-Identifier: MIT
#include "endpoint/suggest.hpp"

#include <algorithm>
#include <utility>

namespace fid::endpoint {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same(char a, char b) {
  return lower(a) == lower(b);
}

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() &&
         std::equal(prefix.begin(), prefix.end(), text.begin(), same);
}

}  // namespace

std::size_t slips_between(std::string_view a, std::string_view b) {
  // Three rows of the usual table are enough: this one, the one above and the one above that, which
  // a swap of neighbours needs.
  std::vector<std::size_t> above_that(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    above_that.swap(above);
    above.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t wrong = same(a[i - 1], b[j - 1]) ? 0 : 1;
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + wrong});
      if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1])) {
        row[j] = std::min(row[j], above_that[j - 2] + 1);
      }
    }
  }
  return row[b.size()];
}

std::vector<std::string> nearest_words(std::string_view typed,
                                       std::span<const std::string_view> known, std::size_t limit) {
  // A word that merely begins right ("time" for "timeout") comes after every near miss.
  constexpr std::size_t begins_right = 100;
  const std::size_t tolerated = typed.size() < 5 ? 1 : typed.size() < 9 ? 2 : 3;
  std::vector<std::pair<std::size_t, std::string_view>> candidates;
  for (const std::string_view word : known) {
    const std::size_t slips = slips_between(typed, word);
    if (slips <= tolerated && slips < std::max(typed.size(), word.size())) {
      candidates.emplace_back(slips, word);
    } else if (typed.size() >= 2 && starts_with(word, typed)) {
      candidates.emplace_back(begins_right, word);
    }
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> words;
  for (const auto& [slips, word] : candidates) {
    if (words.size() == limit) break;
    // Once something is nearly right, words much further off only distract.
    if (slips > candidates.front().first + 1) break;
    words.emplace_back(word);
  }
  return words;
}

std::string did_you_mean(std::span<const std::string> words) {
  if (words.empty()) return {};
  std::string text = "did you mean ";
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text.append("\"").append(words[i]).append("\"");
  }
  return text.append("?");
}

}  // namespace fid::endpoint
