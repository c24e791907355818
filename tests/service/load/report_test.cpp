// SPDX-License-Identifier: MIT
#include "service/load/report.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include <chrono>

namespace fid::service::load {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

Outcome thousand_round_trips() {
  Outcome outcome;
  outcome.target = "tcp://h:1";
  outcome.seconds = 2;
  outcome.cpu_seconds = 1;
  outcome.operations = 1000;
  outcome.bytes = 64000;
  for (int i = 0; i < 1000; ++i) outcome.latency.record(i < 990 ? 20us : 4ms);
  return outcome;
}

TEST(LoadReport, TheTableHasAsManyPercentilesAsThereAreOperationsToTell) {
  const std::string text = table(thousand_round_trips());
  EXPECT_THAT(text, HasSubstr("ping-pong: tcp://h:1\n"
                              "1 connection, 64 B a message, 2 s after 1 s of warm-up\n"));
  EXPECT_THAT(text, HasSubstr("500 round trips/s, 31.2 KiB/s each way"));
  EXPECT_THAT(text, HasSubstr("50 % of one processor\n"));
  EXPECT_THAT(text, HasSubstr("        99 %    20.1 us           10  ="));
  EXPECT_THAT(text, HasSubstr("      99.9 %    4.00 ms            0  ="));
  EXPECT_THAT(text, HasSubstr("         max    4.00 ms            0  ="));
  EXPECT_THAT(text, Not(HasSubstr("99.99 %")));
}

TEST(LoadReport, TheTableTellsWhatFailedAndWhatWasNotAnswered) {
  Outcome outcome = thousand_round_trips();
  EXPECT_THAT(table(outcome), Not(HasSubstr("failed")));
  EXPECT_THAT(table(outcome), Not(HasSubstr("unanswered")));
  outcome.failures = 3;
  outcome.unanswered = 1234;
  EXPECT_THAT(table(outcome), HasSubstr("  failed         3\n"));
  EXPECT_THAT(table(outcome), HasSubstr("  unanswered     1 234\n"));
}

TEST(LoadReport, NamesBothEndsOfARelay) {
  Outcome outcome = thousand_round_trips();
  outcome.far = "unix:/far";
  EXPECT_EQ(subject(outcome), "tcp://h:1 through a relay to unix:/far");
  outcome.far = outcome.target;
  EXPECT_EQ(subject(outcome), "tcp://h:1, both ends and no relay");
}

TEST(LoadReport, BulkHasItsSpeedAndNoLatencies) {
  Outcome outcome;
  outcome.settings.mode = Mode::bulk;
  outcome.settings.size = std::size_t{256} * 1024;
  outcome.seconds = 2;
  outcome.bytes = std::uint64_t{6} << 30;
  const std::string text = table(outcome);
  EXPECT_THAT(text, HasSubstr("3.0 GiB/s"));
  EXPECT_THAT(text, Not(HasSubstr("percentile")));
  EXPECT_FALSE(nlohmann::json::parse(json(outcome)).contains("latency_us"));
}

TEST(LoadReport, JsonHasTheFiguresWithTheirUnits) {
  Outcome outcome = thousand_round_trips();
  outcome.settings.rate = 500;
  outcome.target = "unix:/a\xff";
  const auto object = nlohmann::json::parse(json(outcome));
  EXPECT_EQ(object["v"], 1);
  EXPECT_EQ(object["mode"], "ping-pong");
  EXPECT_EQ(object["rate"], 500);
  EXPECT_EQ(object["operations"], 1000);
  EXPECT_EQ(object["per_s"], 500);
  EXPECT_EQ(object["bytes_per_s"], 32000);
  EXPECT_EQ(object["unanswered"], 0);
  EXPECT_NEAR(object["latency_us"]["p50"], 20, 0.2);
  EXPECT_NEAR(object["latency_us"]["p99_9"], 4000, 40);
  EXPECT_EQ(object["latency_us"]["max"], 4000);
}

TEST(LoadReport, TheProgressLineHasTheRateSinceTheLastOne) {
  Progress before;
  before.operations = 1000;
  before.elapsed = 750ms;
  before.expected = 11s;
  Progress now = before;
  now.operations = 1500;
  now.elapsed = 1s;
  EXPECT_EQ(progress_line(now, before, Settings()), "ping-pong  2 000/s  1 of 11 s, warming up");
  now.warming_up = false;  // counting has begun anew
  EXPECT_EQ(progress_line(now, before, Settings()), "ping-pong  6 000/s  1 of 11 s");
}

}  // namespace
}  // namespace fid::service::load
