// SPDX-License-Identifier: MIT
#include "service/load/plot.hpp"

#include <gmock/gmock.h>

#include <chrono>

namespace fid::service::load {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

Outcome with(int count, std::chrono::nanoseconds each) {
  Outcome outcome;
  outcome.target = "tcp://h:1";
  outcome.seconds = 1;
  outcome.operations = static_cast<std::uint64_t>(count);
  for (int i = 1; i <= count; ++i) outcome.latency.record(each * i);
  return outcome;
}

TEST(LatencyPlot, HasAxesThatHoldAllValuesAndMarksThatNameThem) {
  const std::string plot = latency_plot(with(10'000, 1us));
  for (const char* label : {">0 %<", ">50 %<", ">90 %<", ">99 %<", ">99.9 %<", ">99.99 %<",
                            ">1 µs<", ">10 ms<", ">percentile<"}) {
    EXPECT_THAT(plot, HasSubstr(label));
  }
  EXPECT_THAT(plot, Not(HasSubstr(">99.999 %<")));
  EXPECT_THAT(plot, HasSubstr(">p50 5.0"));
  EXPECT_THAT(plot, HasSubstr(">max 10.0 ms<"));
  EXPECT_THAT(plot, Not(HasSubstr("nan")));
  EXPECT_THAT(plot, Not(HasSubstr("inf")));
}

TEST(LatencyPlot, CanBeDrawnOfASingleValue) {
  const std::string plot = latency_plot(with(1, 100us));
  EXPECT_THAT(plot, HasSubstr(">max 100 µs<"));
  EXPECT_THAT(plot, Not(HasSubstr("nan")));
  EXPECT_THAT(plot, Not(HasSubstr("inf")));
}

TEST(LatencyPlot, ShowsAnAddressWhateverItIsMadeOf) {
  Outcome outcome = with(10, 1ms);
  outcome.target = "unix:/a<b>&\x01\xff";
  EXPECT_THAT(latency_plot(outcome), HasSubstr(">unix:/a&lt;b&gt;&amp; \xef\xbf\xbd<"));
}

TEST(LatencyPlot, FollowsTheColoursOfItsViewer) {
  EXPECT_THAT(latency_plot(with(10, 1ms)), HasSubstr("@media (prefers-color-scheme: dark)"));
}

}  // namespace
}  // namespace fid::service::load
