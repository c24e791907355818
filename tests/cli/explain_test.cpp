// SPDX-License-Identifier: MIT
#include "cli/explain.hpp"

#include "cli/run.hpp"

#include <gmock/gmock.h>

namespace fid::cli {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

TEST(Explain, ShowsEachAddressInItsOwnParagraph) {
  const Outcome outcome = run_words({"explain", "tcp://localhost:80,nodelay", "unix:/run/x.sock"});
  EXPECT_EQ(outcome.status, ExitStatus::complete);
  EXPECT_THAT(outcome.out, StartsWith("tcp://localhost:80,nodelay\n"));
  EXPECT_THAT(outcome.out, HasSubstr("\n\nunix:/run/x.sock\n"));
  EXPECT_EQ(outcome.err, "");
}

TEST(Explain, GoesOnAfterAWrongAddressAndFails) {
  const Outcome outcome = run_words({"explain", "tpc://localhost:80", "unix:/run/x.sock"});
  EXPECT_EQ(outcome.status, ExitStatus::usage);
  EXPECT_THAT(outcome.out, StartsWith("unix:/run/x.sock\n"));
  EXPECT_THAT(outcome.err, StartsWith("fid: tpc://localhost:80: column 1: "));
  EXPECT_THAT(outcome.err, HasSubstr("\"tcp\""));
  EXPECT_THAT(outcome.err, EndsWith("\n"));
}

TEST(Addresses, ListsAllKindsOrTheOnesNamed) {
  const Outcome all = run_words({"addresses"});
  EXPECT_EQ(all.status, ExitStatus::complete);
  EXPECT_THAT(all.out, HasSubstr("tcp://HOST:PORT"));
  EXPECT_THAT(all.out, HasSubstr("unix:"));
  const Outcome one = run_words({"addresses", "unix"});
  EXPECT_THAT(one.out, StartsWith("unix:"));
  EXPECT_EQ(one.out.find("tcp://"), std::string::npos);
}

TEST(Addresses, AnUnknownKindIsToldOfWithTheNearest) {
  const Outcome outcome = run_words({"addresses", "unnix"});
  EXPECT_EQ(outcome.status, ExitStatus::usage);
  EXPECT_THAT(outcome.err, StartsWith("fid: unnix: unknown kind; did you mean \"unix\""));
}

}  // namespace
}  // namespace fid::cli
