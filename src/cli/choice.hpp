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

/// Finds `word` among `choices`; throws CLI::ValidationError that names `option`, what can be
/// chosen and what was probably meant.
template <class T>
T choose(const std::string& option, std::string_view word, const std::vector<Choice<T>>& choices) {
  std::vector<std::string_view> words;
  for (const Choice<T>& choice : choices) {
    if (choice.word == word) return choice.meaning;
    words.push_back(choice.word);
  }
  throw CLI::ValidationError(option, no_such_word(word, words));
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
    into = choose(name, word, choices);
  };
  return app.add_option_function<std::string>(name, take, help)->type_name(alternatives(choices));
}

/// The same with the word left out at will: `--name` means `--name=bare`. The word needs its `=`.
template <class T>
CLI::Option* add_choice_flag(CLI::App& app, const std::string& name, const std::string& bare,
                             T& into, const std::vector<Choice<T>>& choices,
                             const std::string& help) {
  CLI::Option* option = app.add_flag(name + "{" + bare + "}", into, help);
  // The flag reads an enumeration as a number; a transform gives it one for each word.
  option->transform([name, choices](const std::string& word) {
    return std::to_string(static_cast<int>(choose(name, word, choices)));
  });
  return option->type_name("[=" + alternatives(choices) + "]");
}

}  // namespace fid::cli
