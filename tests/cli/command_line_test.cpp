// SPDX-License-Identifier: MIT
#include "cli/command_line.hpp"

#include "cli/connect.hpp"
#include "cli/listen.hpp"
#include "cli/parsed.hpp"
#include "cli/relay.hpp"

#include <gtest/gtest.h>

namespace fid::cli {
namespace {

using Words = std::vector<std::string>;

TEST(CommandLine, OptionsMayFollowOperandsOrStandBetweenThem) {
  const auto settings =
      parsed<RelaySettings>({"tcp://:1", "--idle", "5s", "-v", "unix:/x", "--eof=close"});
  EXPECT_EQ(settings.listen, "tcp://:1");
  EXPECT_EQ(settings.target, "unix:/x");
  EXPECT_EQ(settings.output.verbose, 1);
  EXPECT_EQ(settings.join.transfer.idle, std::chrono::seconds(5));
  EXPECT_EQ(settings.join.transfer.eof, service::EndOfInput::close);
}

TEST(CommandLine, ADashAloneIsAnOperandOrAValue) {
  const auto settings = parsed<ConnectSettings>({"-", "--events", "-"});
  EXPECT_EQ(settings.address, "-");
  EXPECT_EQ(settings.output.events, "-");
}

TEST(CommandLine, ADashWithOptionsIsAnAddress) {
  EXPECT_EQ(parsed<ConnectSettings>({"-v", "-,eof=close"}).address, "stdio,eof=close");
  EXPECT_EQ(parsed<ConnectSettings>({"--", "-,eof=close"}).address, "stdio,eof=close");
}

TEST(CommandLine, AnAddressThatABlankTearsApartIsShownInOnePiece) {
  EXPECT_EQ(complaint<ConnectSettings>({"tcp://h:1,", "nodelay"}),
            "no blank may follow a comma: write tcp://h:1,nodelay");
}

TEST(CommandLine, TheLastOfARepeatedOptionCounts) {
  const auto settings = parsed<ConnectSettings>({"a", "--idle", "1s", "--idle", "2s"});
  EXPECT_EQ(settings.join.transfer.idle, std::chrono::seconds(2));
}

TEST(CommandLine, VerbosityAddsUp) {
  EXPECT_EQ(parsed<ConnectSettings>({"-vv", "a"}).output.verbose, 2);
  EXPECT_EQ(parsed<ConnectSettings>({"-v", "a", "-v", "--verbose"}).output.verbose, 3);
  EXPECT_TRUE(parsed<ConnectSettings>({"-q", "a"}).output.quiet);
}

TEST(CommandLine, WordsAfterDashesAreTheCommandAsTheyStand) {
  const auto settings =
      parsed<ListenSettings>({"tcp://:1", "-k", "--", "sh", "-c", "echo --help", "--", "a b", ""});
  EXPECT_TRUE(settings.keep_open);
  EXPECT_EQ(settings.command, (Words{"sh", "-c", "echo --help", "--", "a b", ""}));
}

TEST(CommandLine, AfterDashesOperandsMayBeginWithADash) {
  EXPECT_EQ(parsed<ConnectSettings>({"-v", "--", "-x"}).address, "-x");
  EXPECT_EQ(complaint<ConnectSettings>({"a", "--", "b"}), "unexpected word 'b'");
}

TEST(CommandLine, AMissingCommandOrOperandIsNamed) {
  EXPECT_EQ(complaint<ListenSettings>({"tcp://:1", "--"}), "no command after --");
  EXPECT_EQ(complaint<RelaySettings>({"tcp://:1"}), "TARGET is required");
  EXPECT_EQ(complaint<ConnectSettings>({}), "ADDRESS is required");
}

TEST(CommandLine, AnUnknownOptionIsToldOfWithTheNearest) {
  EXPECT_EQ(complaint<ConnectSettings>({"a", "--conect-timeout", "5s"}),
            "unknown option --conect-timeout; did you mean \"--connect-timeout\"?");
  EXPECT_EQ(complaint<ConnectSettings>({"--idel=5s", "a"}),
            "unknown option --idel; did you mean \"--idle\"?");
  EXPECT_EQ(complaint<ConnectSettings>({"--frobnicate"}), "unknown option --frobnicate");
  EXPECT_EQ(complaint<ConnectSettings>({"a", "-x"}), "unknown option -x");
}

TEST(CommandLine, AnOperandTooManyIsToldOf) {
  EXPECT_EQ(complaint<ConnectSettings>({"a", "b"}), "unexpected word 'b'");
  EXPECT_EQ(complaint<ListenSettings>({"a", "cat"}),
            "unexpected word 'cat'; a command goes after --");
}

TEST(CommandLine, AMissingValueIsNotTakenFromTheNextWord) {
  EXPECT_EQ(complaint<ConnectSettings>({"--events=", "a"}), "--events= lacks its value");
  EXPECT_EQ(complaint<ConnectSettings>({"a", "--idle"}), "--idle lacks its value");
}

TEST(CommandLine, HelpIsShownWhateverElseIsMissing) {
  ConnectSettings settings;
  EXPECT_TRUE(read_into(settings, {"--help"}).help_wanted);
  EXPECT_TRUE(read_into(settings, {"a", "-h"}).help_wanted);
  ListenSettings listen;
  EXPECT_FALSE(read_into(listen, {"a", "--", "cat", "--help"}).help_wanted);
}

}  // namespace
}  // namespace fid::cli
