// SPDX-License-Identifier: MIT
#include "endpoint/describe.hpp"

#include "endpoint/kind/kinds.hpp"
#include "endpoint/native_syntax.hpp"
#include "endpoint/syntax_error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace fid::endpoint {
namespace {

using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::vector<std::string> explained(std::string_view text, Place place = Place::anywhere) {
  const Parsed<Address> address = parse_native(text, place);
  if (address) return explain(*address);
  ADD_FAILURE() << address.error().text();
  return {};
}

TEST(Describe, ExplainShowsEachPartAndWhatHoldsBesides) {
  EXPECT_THAT(
      explained("tcp:example.org:80,nodelay=off,retry=1,retry=3", Place::connects),
      ElementsAre(
          "tcp:example.org:80,nodelay=off,retry=1,retry=3",
          "  kind        tcp: TCP over IPv4 or IPv6", "  carries     a stream of bytes",
          "  role        connects", "  host        example.org", "  port        80",
          "  options     nodelay=no                send small pieces at once instead of gathering",
          "                                        them",
          "              retry=3                   how often to try again when connecting fails",
          "  defaults    keepalive=yes, connect-timeout=30s, interval=1s, eof=half",
          "  note        retry is given twice; the last, at column 40, holds",
          "  in full     tcp://example.org:80,nodelay=no,retry=3"));
}

TEST(Describe, ExplainSaysWhatTheAddressLeavesOpen) {
  EXPECT_THAT(explained("tcp://:http"), Contains(HasSubstr("an error if it connects")));
  EXPECT_THAT(explained("tcp://:http"), Contains(HasSubstr("http, the name of a service")));
  EXPECT_THAT(explained("tcp-listen://:0"), Contains(HasSubstr("loopback")));
  EXPECT_THAT(explained("tcp-listen://:0"), Contains(HasSubstr("0, a free one")));
  EXPECT_THAT(explained("tcp-listen://*:80"), Contains(HasSubstr("*, all local addresses")));
  EXPECT_THAT(explained("unix:/x"), Contains(HasSubstr("as its place says")));
  EXPECT_THAT(explained("1"), Contains("  descriptor  1, standard output"));
  EXPECT_THAT(explained("listen-fd:http"), Contains(HasSubstr("http, the name given")));
  EXPECT_THAT(explained("./x"), Contains("  path        ./x"));
  EXPECT_THAT(explained("abstract:x y"), Contains("  name        x y"));
}

TEST(Describe, ExplainShowsACommandWordByWord) {
  const auto lines = explained("exec:grep  -v 'a b'");
  EXPECT_THAT(lines, Contains("  program     grep"));
  EXPECT_THAT(lines, Contains("  arguments   -v"));
  EXPECT_THAT(lines, Contains("              'a b'"));
}

TEST(Describe, ExplainMasksSecrets) {
  EXPECT_THAT(explained("exec:ls,env=TOKEN=abc"), Each(Not(HasSubstr("abc"))));
  EXPECT_THAT(explained("exec:ls,env=TOKEN=abc"), Contains(HasSubstr("env=TOKEN=***")));
}

TEST(Describe, ExplainCannotDriveTheTerminal) {
  for (const char* text :
       {"unix:/a\x1b[2J", "exec:a\x1b[2J b\n", "abstract:\x7f", "unix-dgram:/x,bind=/a\nb"}) {
    for (const std::string& line : explained(text)) {
      EXPECT_TRUE(std::none_of(line.begin(), line.end(), [](char c) {
        return (c >= 0 && c < 0x20) || c == 0x7f;
      })) << line;
    }
  }
}

TEST(Describe, TheListingNamesEveryKindAndOption) {
  const auto lines = describe_kinds();
  for (const Kind* kind : kinds()) {
    EXPECT_THAT(lines, Contains(StartsWith(std::string(kind->form) + "  "))) << kind->name;
    EXPECT_THAT(lines, Contains("  e.g. " + std::string(kind->example)));
    for (const OptionSpec& spec : kind->options) {
      EXPECT_THAT(lines, Contains(StartsWith("    " + usage(spec) + "  "))) << spec.name;
    }
  }
}

TEST(Describe, WhatEveryKindHasIsListedOnceAtTheEnd) {
  const auto lines = describe_kinds();
  const auto eof = [](const std::string& line) { return line.find("    eof=") == 0; };
  EXPECT_EQ(std::count_if(lines.begin(), lines.end(), eof), 1);
  const auto heading = std::find(lines.begin(), lines.end(), "Any of them, after a comma");
  ASSERT_NE(heading, lines.end());
  EXPECT_TRUE(std::any_of(heading, lines.end(), eof));
}

TEST(Describe, OneKindIsDescribedWhole) {
  const auto lines = describe_kind(kind::unix_stream);
  EXPECT_THAT(lines.front(), StartsWith("unix:PATH  "));
  EXPECT_THAT(lines, Contains("  where it listens"));
  EXPECT_THAT(lines, Contains(StartsWith("    mode=MODE  ")));
  EXPECT_THAT(lines, Contains(StartsWith("    eof=half|close|ignore  ")));
  EXPECT_THAT(lines, Not(Contains(StartsWith("unix-seq:"))));
  // With each option's default, and an example of it.
  EXPECT_THAT(lines, Contains(EndsWith(" exit; default yes; e.g. unlink=no")));
}

TEST(Describe, LinesFitTheTerminal) {
  for (const std::string& line : describe_kinds()) {
    EXPECT_LE(line.size(), 88u) << line;
    EXPECT_FALSE(!line.empty() && line.back() == ' ') << line;
  }
}

}  // namespace
}  // namespace fid::endpoint
