// SPDX-License-Identifier: MIT
#include "service/admission.hpp"

#include "support/run_test.hpp"
#include "support/turns.hpp"

#include <fid/task/task_group.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace fid::service {
namespace {

using test::run_test;
using test::turns;

/// What the whole is told, as it comes.
class Heard final : public Admission::Whole {
 public:
  void left() override { text += "left "; }
  void starves() override { text += "starves "; }
  void starves_no_more() override { text += "fed "; }

  std::string text;
};

TEST(Admission, LetsInNoMoreThanItMay) {
  run_test([]() -> Task<void> {
    Admission admission(2);
    std::optional<Admission::Place> first(admission);
    const Admission::Place second(admission);
    TaskGroup waiting;
    waiting.add(admission.wait_for_place());
    co_await turns(2);
    EXPECT_FALSE(waiting.empty());
    first.reset();
    co_await waiting.join();
    EXPECT_EQ(admission.served(), 1U);
  });
}

TEST(Admission, LetsNobodyInWhileOneStarves) {
  run_test([]() -> Task<void> {
    Admission admission(std::nullopt);
    std::optional<Admission::Starving> starving(admission);
    TaskGroup waiting;
    waiting.add(admission.wait_for_place());
    co_await turns(2);
    EXPECT_FALSE(waiting.empty());
    starving.reset();
    co_await waiting.join();
  });
}

TEST(Admission, CountsAPlaceThatIsKeptUntilItsThreadSaysThatItWasLeft) {
  run_test([]() -> Task<void> {
    Admission whole(1);
    Admission::Place(whole).keep();
    EXPECT_EQ(whole.served(), 1U);
    TaskGroup waiting;
    waiting.add(whole.wait_for_place());
    co_await turns(2);
    EXPECT_FALSE(waiting.empty());
    whole.left();
    co_await waiting.join();
    EXPECT_EQ(whole.served(), 0U);
  });
}

TEST(Admission, OfAThreadTellsTheWholeWhatHappensAndKnowsItsCount) {
  Admission whole(std::nullopt);
  const Admission::Place elsewhere(whole);
  Heard heard;
  Admission part(whole, heard);
  EXPECT_EQ(part.served(), 1U);
  {
    const Admission::Place place(part);
    EXPECT_EQ(heard.text, "");
    const Admission::Starving starving(part);
    EXPECT_EQ(heard.text, "starves ");
  }
  EXPECT_EQ(heard.text, "starves fed left ");
  EXPECT_EQ(whole.served(), 1U);
}

TEST(Admission, OfAThreadWakesThoseWhoWaitThereForDescriptors) {
  run_test([]() -> Task<void> {
    Admission whole(std::nullopt);
    Heard heard;
    Admission part(whole, heard);
    std::optional<Admission::Place> place(part);
    TaskGroup waiting;
    waiting.add(part.wait_for_descriptors());
    place.reset();
    co_await waiting.join();
  });
}

}  // namespace
}  // namespace fid::service
