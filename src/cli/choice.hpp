// SPDX-License-Identifier: MIT
#pragma once

#include <CLI/App.hpp>
#include <CLI/Error.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace fid::cli {

/// A word that can be chosen, and what it means.
template <class T>
struct Choice {
  std::string_view word;
  T meaning;
};

/// `'x' is not one of a, b or c; did you mean "a"?`
std::string no_such_word(std::string_view word, const std::vector<std::string_view>& words);

/// Finds `word` among `choices` and takes its meaning; if it is none of them, says what could be
/// chosen and what was probably meant.
template <class T>
std::string choose(std::string_view word, const std::vector<Choice<T>>& choices, T& meaning) {
  std::vector<std::string_view> words;
  for (const Choice<T>& choice : choices) {
    if (choice.word == word) {
      meaning = choice.meaning;
      return {};
    }
    words.push_back(choice.word);
  }
  return no_such_word(word, words);
}

/// `half|close|ignore`
template <class T>
std::string alternatives(const std::vector<Choice<T>>& choices) {
  std::string text;
  for (const Choice<T>& choice : choices) {
    if (!text.empty()) text += '|';
    text += choice.word;
  }
  return text;
}

/// An option that takes one of a few words.
template <class T>
CLI::Option* add_choice(CLI::App& app, const std::string& name, T& into,
                        const std::vector<Choice<T>>& choices, const std::string& help) {
  const auto take = [name, choices, &into](const std::string& word) {
    const std::string complaint = choose(word, choices, into);
    if (!complaint.empty()) throw CLI::ValidationError(name, complaint);
  };
  return app.add_option_function<std::string>(name, take, help)->type_name(alternatives(choices));
}

/// The same with the word left out at will: `--name` means `--name=bare`. The word needs its `=`.
template <class T>
CLI::Option* add_choice_flag(CLI::App& app, const std::string& name, const std::string& bare,
                             T& into, const std::vector<Choice<T>>& choices,
                             const std::string& help) {
  // The flag reads an enumeration as a number, so each word is replaced by its own.
  const auto to_number = [choices](std::string& word) {
    T meaning{};
    std::string complaint = choose(word, choices, meaning);
    word = std::to_string(static_cast<int>(meaning));
    return complaint;
  };
  return app.add_flag(name + "{" + bare + "}", into, help)
      ->transform(CLI::Validator(to_number, ""))
      ->type_name("[=" + alternatives(choices) + "]");
}

}  // namespace fid::cli
