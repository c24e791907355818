// SPDX-License-Identifier: MIT
#include "endpoint/address_candidates.hpp"

#include "endpoint/registry.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace fid::endpoint {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> words(std::string_view typed, Place place) {
  std::vector<std::string> list;
  for (const Candidate& candidate : complete_address(typed, place)) list.push_back(candidate.word);
  return list;
}

TEST(AddressCandidates, AreTheSchemesThatCanStandThere) {
  EXPECT_THAT(words("tcp", Place::listens), ElementsAre("tcp://", "tcp4://", "tcp6://"));
  EXPECT_THAT(words("abs", Place::joins), ElementsAre("abstract:", "abstract-listen:"));
  EXPECT_THAT(words("", Place::listens), Not(Contains("exec:")));
  EXPECT_THAT(words("", Place::connects), Not(Contains("listen-fd:")));
  EXPECT_THAT(words("", Place::connects), Contains("-"));
}

TEST(AddressCandidates, HaveEveryKindAndOption) {
  for (const Kind* kind : kinds()) {
    const std::string start = kind->parameter == Parameter::none ? "-" : std::string(kind->name);
    EXPECT_THAT(words(start, Place::anywhere), Not(IsEmpty())) << kind->name;
    const std::string before = start == "-" ? "-," : start + ":x,";
    const auto offered = words(before, Place::anywhere);
    for (const OptionSpec& spec : kind->options) {
      const std::string word = before + std::string(spec.name);
      EXPECT_THAT(offered, Contains(spec.type == ValueType::flag ? word : word + "="));
    }
  }
}

TEST(AddressCandidates, AreTheOptionsWithAnEffectThatAreNotSetYet) {
  EXPECT_THAT(words("unix:x,mo", Place::listens), ElementsAre("unix:x,mode="));
  EXPECT_THAT(words("unix:x,mo", Place::connects), IsEmpty());
  EXPECT_THAT(words("unix:x,mo", Place::joins), IsEmpty());
  EXPECT_THAT(words("unix-listen:x,mo", Place::joins), ElementsAre("unix-listen:x,mode="));
  EXPECT_THAT(words("unix:x,mode=1,mo", Place::listens), IsEmpty());
  EXPECT_THAT(words("exec:a,env=A=b,en", Place::joins), ElementsAre("exec:a,env=A=b,env="));
}

TEST(AddressCandidates, AreTheValuesOfChoicesAndSwitches) {
  EXPECT_THAT(words("tcp://h:1,eof=", Place::connects),
              ElementsAre("tcp://h:1,eof=half", "tcp://h:1,eof=close", "tcp://h:1,eof=ignore"));
  EXPECT_THAT(words("tcp://h:1,nodelay=", Place::connects),
              ElementsAre("tcp://h:1,nodelay=yes", "tcp://h:1,nodelay=no"));
}

TEST(AddressCandidates, AreNoneWhereNothingIsKnown) {
  EXPECT_THAT(words("frob:", Place::joins), IsEmpty());
  EXPECT_THAT(words("tcp://h:1,frob=", Place::joins), IsEmpty());
  EXPECT_THAT(words("unix:'/open", Place::joins), IsEmpty());
  EXPECT_THAT(words("unix:/does/not/exist/", Place::joins), IsEmpty());
}

TEST(AddressCandidates, OfASchemeAloneAreNames) {
  EXPECT_THAT(complete_scheme("unix-"),
              ElementsAre(testing::Field(&Candidate::word, "unix-seq"),
                          testing::Field(&Candidate::word, "unix-dgram")));
}

}  // namespace
}  // namespace fid::endpoint
