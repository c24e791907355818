// SPDX-License-Identifier: MIT
#include "cli/options.hpp"

#include "cli/bridge.hpp"
#include "cli/connect.hpp"
#include "cli/listen.hpp"
#include "cli/parsed.hpp"
#include "cli/relay.hpp"

#include <fid/base/os_processors.hpp>

#include <gtest/gtest.h>

#include <string>

namespace fid::cli {
namespace {

using namespace std::chrono_literals;
using service::Direction;
using service::EndOfInput;

TEST(Options, AreOffUnlessGiven) {
  const auto settings = parsed<RelaySettings>({"a", "b"});
  EXPECT_EQ(settings.connecting.connect_timeout, 30s);
  EXPECT_EQ(settings.listening.accept_timeout, std::nullopt);
  EXPECT_EQ(settings.listening.ready_fd, std::nullopt);
  EXPECT_EQ(settings.max_connections, std::nullopt);
  EXPECT_EQ(settings.join.drain, std::nullopt);
  EXPECT_EQ(settings.join.dump, std::nullopt);
  const service::TransferSettings& transfer = settings.join.transfer;
  EXPECT_EQ(transfer.direction, Direction::both);
  EXPECT_EQ(transfer.eof, EndOfInput::half);
  EXPECT_EQ(transfer.idle, std::nullopt);
  EXPECT_EQ(transfer.linger, std::nullopt);
  EXPECT_FALSE(transfer.idle_is_error);
}

TEST(Options, OfListeningAreRead) {
  const auto settings = parsed<RelaySettings>({"a", "b", "--ready-fd", "3", "--port-file", "port",
                                               "--accept-timeout", "500ms", "--max-connections=9"});
  EXPECT_EQ(settings.listening.ready_fd, 3);
  EXPECT_EQ(settings.listening.port_file, "port");
  EXPECT_EQ(settings.listening.accept_timeout, 500ms);
  EXPECT_EQ(settings.max_connections, 9U);
}

TEST(Options, OfTransfersAreRead) {
  const auto settings =
      parsed<BridgeSettings>({"a", "b", "--half-idle", "2", "--timeout", "1m", "--linger", "0",
                              "--max-bytes", "64KiB", "--idle", "1h", "--idle-error", "--drain",
                              "3s", "--connect-timeout", "1.5s", "--eof", "ignore"});
  const service::TransferSettings& transfer = settings.join.transfer;
  EXPECT_EQ(transfer.half_idle, 2s);
  EXPECT_EQ(transfer.timeout, 1min);
  EXPECT_EQ(transfer.linger, 0s);
  EXPECT_EQ(transfer.max_bytes, 65'536U);
  EXPECT_EQ(transfer.idle, 1h);
  EXPECT_TRUE(transfer.idle_is_error);
  EXPECT_EQ(transfer.eof, EndOfInput::ignore);
  EXPECT_EQ(settings.join.drain, 3s);
  EXPECT_EQ(settings.connecting.connect_timeout, 1500ms);
}

TEST(Options, OneDirectionExcludesTheOther) {
  EXPECT_EQ(parsed<BridgeSettings>({"a", "b", "-u"}).join.transfer.direction, Direction::a_to_b);
  EXPECT_EQ(parsed<BridgeSettings>({"a", "b", "-U"}).join.transfer.direction, Direction::b_to_a);
  EXPECT_EQ(complaint<BridgeSettings>({"a", "b", "-u", "-U"}), "-u excludes -U");
}

TEST(Options, AQuantityThatIsNoneSaysHowToWriteOne) {
  EXPECT_EQ(complaint<ConnectSettings>({"a", "--idle", "5x"}),
            "--idle: '5x' is not understood, write a number with ms, s, m or h, as in 500ms");
  EXPECT_EQ(complaint<ConnectSettings>({"a", "--max-bytes", "-1"}).substr(0, 38),
            "--max-bytes: '-1' is not understood, w");
}

TEST(Options, AWrongChoiceNamesTheNearest) {
  EXPECT_EQ(complaint<ConnectSettings>({"a", "--eof", "halv"}),
            "--eof: 'halv' is not one of half, close or ignore; did you mean \"half\"?");
}

TEST(Options, NumbersAreChecked) {
  EXPECT_EQ(complaint<RelaySettings>({"a", "b", "--max-connections", "0"}),
            "--max-connections: '0' is not a whole number of at least 1");
  EXPECT_EQ(complaint<RelaySettings>({"a", "b", "--max-connections", "many"}),
            "--max-connections: 'many' is not a whole number of at least 1");
  EXPECT_EQ(complaint<RelaySettings>({"a", "b", "--ready-fd", "-1"}),
            "--ready-fd: '-1' is not a whole number of at least 0");
}

TEST(Options, ThreadsAreANumberOrAsManyAsThereAreProcessors) {
  EXPECT_EQ(parsed<RelaySettings>({"a", "b"}).threads, 1U);
  EXPECT_EQ(parsed<RelaySettings>({"a", "b", "--threads", "1024"}).threads, 1024U);
  EXPECT_EQ(parsed<RelaySettings>({"a", "b", "--threads", "auto"}).threads,
            os::usable_processors());
  for (const std::string word : {"0", "1025", "two", "2x", "-1"}) {
    EXPECT_EQ(complaint<RelaySettings>({"a", "b", "--threads=" + word}),
              "--threads: '" + word + "' is neither auto nor a number from 1 to 1024");
  }
}

TEST(Options, ProgressNeedsNoWordAndTakesNoneFromTheNext) {
  EXPECT_EQ(parsed<ConnectSettings>({"a"}).progress, When::never);
  const auto bare = parsed<ConnectSettings>({"--progress", "always"});
  EXPECT_EQ(bare.progress, When::automatic);
  EXPECT_EQ(bare.address, "always");
  EXPECT_EQ(parsed<ConnectSettings>({"a", "--progress=always"}).progress, When::always);
  EXPECT_EQ(parsed<ConnectSettings>({"a", "--progress=never"}).progress, When::never);
  EXPECT_EQ(complaint<ConnectSettings>({"a", "--progress=alway"}),
            "--progress: 'alway' is not one of auto, always or never; did you mean \"always\"?");
}

TEST(Options, ADumpHasAFormatAndPerhapsAFile) {
  const auto shown = parsed<ConnectSettings>({"a", "--dump", "hex"}).join.dump;
  ASSERT_TRUE(shown);
  EXPECT_EQ(shown->format, DumpFormat::hex);
  EXPECT_EQ(shown->file, "");
  const auto written = parsed<ConnectSettings>({"a", "--dump=text:a:b"}).join.dump;
  ASSERT_TRUE(written);
  EXPECT_EQ(written->format, DumpFormat::text);
  EXPECT_EQ(written->file, "a:b");
  EXPECT_EQ(complaint<ConnectSettings>({"a", "--dump", "hex:"}), "--dump: no file after the colon");
  EXPECT_EQ(complaint<ConnectSettings>({"a", "--dump", "hexx"}),
            "--dump: 'hexx' is not one of text or hex; did you mean \"hex\"?");
}

TEST(Options, StdinIsReadUnlessToldOtherwise) {
  EXPECT_FALSE(parsed<ConnectSettings>({"a"}).no_stdin);
  EXPECT_TRUE(parsed<ConnectSettings>({"a", "--no-stdin"}).no_stdin);
  EXPECT_TRUE(parsed<ListenSettings>({"a", "--no-stdin"}).no_stdin);
}

}  // namespace
}  // namespace fid::cli
