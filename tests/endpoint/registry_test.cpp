// SPDX-License-Identifier: MIT
#include "endpoint/registry.hpp"

#include "endpoint/kind/kinds.hpp"
#include "endpoint/native_syntax.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

namespace fid::endpoint {
namespace {

using testing::Contains;
using testing::Not;

TEST(Registry, FindsSchemesInAnyCase) {
  for (const Kind* kind : kinds()) {
    const auto found = find_scheme(kind->name);
    ASSERT_TRUE(found) << kind->name;
    EXPECT_EQ(found->kind, kind);
  }
  EXPECT_EQ(find_scheme("TCP-Listen")->kind, &kind::tcp);
  EXPECT_EQ(find_scheme("TCP-Listen")->role, Role::listen);
  EXPECT_EQ(find_scheme("tcp")->role, Role::by_place);
  EXPECT_EQ(find_scheme("file")->role, Role::connect);
  EXPECT_EQ(find_scheme("listen-fd")->role, Role::listen);
  EXPECT_FALSE(find_scheme("file-listen"));
  EXPECT_FALSE(find_scheme("listen-fd-listen"));
  EXPECT_FALSE(find_scheme(""));
}

TEST(Registry, OnlyKindsWithBothRolesHaveAListenForm) {
  const auto words = scheme_words();
  EXPECT_THAT(words, Contains("unix-dgram-listen"));
  EXPECT_THAT(words, Not(Contains("exec-listen")));
  EXPECT_EQ(form(kind::tcp, Role::listen), "tcp-listen://HOST:PORT");
  EXPECT_EQ(form(kind::file, Role::connect), "file:PATH");
}

TEST(Registry, EveryRowIsComplete) {
  for (const Kind* kind : kinds()) {
    EXPECT_FALSE(kind->summary.empty()) << kind->name;
    EXPECT_FALSE(kind->help.empty()) << kind->name;
    EXPECT_NE(find_option(*kind, "eof"), nullptr) << kind->name;
    EXPECT_NE(find_option(*kind, "linger"), nullptr) << kind->name;
  }
}

TEST(Registry, EveryOptionIsDescribedAndNamedOnce) {
  for (const Kind* kind : kinds()) {
    std::set<std::string_view> names;
    for (const OptionSpec& spec : kind->options) {
      EXPECT_FALSE(spec.help.empty()) << spec.name;
      EXPECT_TRUE(names.insert(spec.name).second) << kind->name << " " << spec.name;
      for (const std::string_view alias : split_words(spec.aliases)) {
        EXPECT_TRUE(names.insert(alias).second) << kind->name << " " << alias;
      }
      EXPECT_EQ(spec.type == ValueType::choice, !spec.choices.empty()) << spec.name;
    }
  }
}

TEST(Registry, AnOptionIsFoundByItsNameAndByEachAlias) {
  for (const Kind* kind : kinds()) {
    for (const OptionSpec& spec : kind->options) {
      EXPECT_EQ(find_option(*kind, spec.name), &spec) << kind->name << " " << spec.name;
      for (const std::string_view alias : split_words(spec.aliases)) {
        EXPECT_EQ(find_option(*kind, alias), &spec) << kind->name << " " << alias;
      }
    }
  }
  EXPECT_EQ(find_option(kind::tcp, ""), nullptr);
}

TEST(Registry, EveryDefaultIsAValue) {
  for (const Kind* kind : kinds()) {
    for (const OptionSpec& spec : kind->options) {
      if (spec.default_text.empty()) continue;
      const Parsed<Value> value = parse_value(spec, spec.default_text);
      ASSERT_TRUE(value) << kind->name << ": " << value.error().text();
      EXPECT_EQ(format_value(spec, *value), spec.default_text) << kind->name << " " << spec.name;
    }
  }
}

TEST(Registry, EveryExampleIsUnderstood) {
  for (const Kind* kind : kinds()) {
    // Examples are what one types at a shell, which takes the outer quotes off.
    std::string example(kind->example);
    if (kind == &kind::exec) example = "exec:grep -v \"a b\"";
    const Parsed<Address> address = parse_native(example);
    ASSERT_TRUE(address) << kind->example << ": " << address.error().text();
    EXPECT_EQ(address->kind, kind) << kind->example;
    for (const OptionSpec& spec : kind->options) {
      const std::string with =
          example.substr(0, example.find(',')) + "," + std::string(spec.example);
      const Parsed<Address> extended = parse_native(with);
      if (extended) {
        EXPECT_NE(extended->written(spec.name), nullptr) << with;
        continue;
      }
      // An example of a kind may connect while the option is for listeners.
      EXPECT_THAT(extended.error().message, testing::HasSubstr("has an effect only where")) << with;
    }
  }
}

TEST(Registry, KnowsWhoHasAnOption) {
  EXPECT_THAT(kinds_with_option("append"), testing::ElementsAre(&kind::file));
  EXPECT_EQ(kinds_with_option("EOF").size(), kinds().size());
  EXPECT_TRUE(kinds_with_option("nothing").empty());
}

}  // namespace
}  // namespace fid::endpoint
