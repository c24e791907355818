// SPDX-License-Identifier: MIT
// What holds of every operation when the calls that it makes go wrong, one at a time.
#include "core/faults/scenarios.hpp"

#include <fid/base/error.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <string>
#include <vector>

namespace fid {
namespace {

using test::Call;
using test::CallRow;
using test::ErrorFrom;
using test::Fault;
using test::Habits;
using test::Injector;
using test::Interruption;
using test::play;
using test::row_of;
using test::Scenario;
using test::waits_for_events;

std::string text_of(const Result<void>& outcome) {
  return outcome ? "success" : describe(outcome.error());
}

std::error_code code_of(const CallRow& row, int error) {
  return row.from == ErrorFrom::resolver ? std::error_code(error, resolver_category())
                                         : system_error(error, "").code;
}

std::string text_of(const Fault& fault, const CallRow& row) {
  return std::string(fault.call.symbol) + " " + std::string(fault.call.purpose) + ", number " +
         std::to_string(fault.nth) + ": " + error_name(code_of(row, fault.error));
}

/// The reactor's own calls, as many as there happen to be events.
bool is_about_waiting(const Call& call) {
  return waits_for_events(call) || call.purpose == "eventfd";
}

class Faults : public testing::TestWithParam<Scenario> {
 protected:
  struct Place {
    const CallRow* row;
    std::size_t nth;
  };

  void SetUp() override {
    Injector injector;
    const auto outcome = play(GetParam(), injector);
    ASSERT_TRUE(outcome) << text_of(outcome);
    undisturbed_ = injector.calls();
  }

  /// Each call that may fail, with how many of its kind come before it.
  std::vector<Place> places() const {
    std::vector<Place> list;
    for (const Call& call : undisturbed_) {
      const CallRow* const row = row_of(call);
      if (row == nullptr) {
        ADD_FAILURE() << call.symbol << ' ' << call.purpose << " is not in call_table.cpp";
      } else if (!GetParam().misses(call)) {
        const auto before = std::ranges::count(list, row, &Place::row);
        list.push_back({row, static_cast<std::size_t>(before)});
      }
    }
    return list;
  }

  /// How many calls were made, without those that wait for events.
  static std::ptrdiff_t work_of(const std::vector<Call>& calls) {
    return std::ranges::count_if(calls, [](const Call& c) { return !waits_for_events(c); });
  }
  static std::ptrdiff_t waits_of(const std::vector<Call>& calls) {
    return std::ranges::count_if(calls, waits_for_events);
  }

  /// The calls that the operation makes when nothing goes wrong.
  std::vector<Call> undisturbed_;
};

TEST_P(Faults, EachErrorIsReportedWithTheNameOfItsCallAndLeavesNothing) {
  for (const auto& [row, nth] : places()) {
    for (const int error : row->errors) {
      const Fault fault{row->call, nth, error, row->performed};
      SCOPED_TRACE(text_of(fault, *row));
      Injector injector(fault);
      const auto outcome = play(GetParam(), injector);
      // Another time there may be nothing to wait for, and events may come together.
      const bool is_certain = nth == 0 && !is_about_waiting(row->call);
      EXPECT_TRUE(injector.struck() || !is_certain);
      const std::string_view reported_as = GetParam().expected(fault);
      if (!injector.struck() || reported_as.empty()) {
        EXPECT_TRUE(outcome) << text_of(outcome);
      } else {
        EXPECT_FALSE(outcome) << "nobody was told";
        if (outcome) continue;
        EXPECT_EQ(outcome.error().code, code_of(*row, error)) << text_of(outcome);
        EXPECT_EQ(outcome.error().operation, reported_as) << text_of(outcome);
      }
      if (HasFailure()) return;
    }
  }
}

TEST_P(Faults, AnInterruptionIsNotNoticed) {
  for (const auto& [row, nth] : places()) {
    if (row->interrupted == Interruption::none) continue;
    const bool goes_on = row->interrupted == Interruption::goes_on;
    const Fault fault{row->call, nth, EINTR, goes_on};
    SCOPED_TRACE(text_of(fault, *row));
    Injector injector(fault);
    const auto outcome = play(GetParam(), injector);
    EXPECT_TRUE(outcome) << text_of(outcome);
    if (goes_on) {
      EXPECT_EQ(std::ranges::count(injector.calls(), row->call),
                std::ranges::count(undisturbed_, row->call));
    }
  }
}

TEST_P(Faults, ACallThatWouldBlockIsMadeAgainOnceItWouldNot) {
  for (const auto& [row, nth] : places()) {
    if (!row->would_block) continue;
    const Fault fault{row->call, nth, EAGAIN};
    SCOPED_TRACE(text_of(fault, *row));
    Injector injector(fault);
    const auto outcome = play(GetParam(), injector);
    EXPECT_TRUE(outcome) << text_of(outcome);
    // Once more, and what comes of waiting: it neither spins nor starts all over.
    EXPECT_LE(work_of(injector.calls()), work_of(undisturbed_) + 4);
    EXPECT_LE(waits_of(injector.calls()), waits_of(undisturbed_) + 8);
  }
}

class SpuriousEvents : public Faults {};

TEST_P(SpuriousEvents, ChangeNothing) {
  Injector injector(Habits{.spurious_events = true});
  const auto outcome = play(GetParam(), injector);
  EXPECT_TRUE(outcome) << text_of(outcome);
  // Each wait was made twice at most, and led to as many attempts as there may be waiters.
  EXPECT_LE(work_of(injector.calls()), 3 * work_of(undisturbed_) + 20);
  EXPECT_LE(waits_of(injector.calls()), 3 * waits_of(undisturbed_) + 20);
}

class ShortTransfers : public Faults {};

TEST_P(ShortTransfers, DeliverEveryByteOnce) {
  for (const std::size_t most : {1U, 7U}) {
    Injector injector(Habits{.most_bytes = most});
    const auto outcome = play(GetParam(), injector);
    EXPECT_TRUE(outcome) << text_of(outcome);
  }
}

std::vector<Scenario> scenarios_where(bool (*holds)(const Scenario&)) {
  std::vector<Scenario> some;
  for (const Scenario& each : test::all_scenarios()) {
    if (holds(each)) some.push_back(each);
  }
  return some;
}

std::string name_of(const testing::TestParamInfo<Scenario>& info) {
  return info.param.name();
}

INSTANTIATE_TEST_SUITE_P(, Faults, testing::ValuesIn(test::all_scenarios()), name_of);
INSTANTIATE_TEST_SUITE_P(, SpuriousEvents,
                         testing::ValuesIn(scenarios_where([](const Scenario& each) {
                           return !each.does_trust_events();
                         })),
                         name_of);
INSTANTIATE_TEST_SUITE_P(, ShortTransfers,
                         testing::ValuesIn(scenarios_where([](const Scenario& each) {
                           return each.is_about_bytes();
                         })),
                         name_of);

}  // namespace
}  // namespace fid
