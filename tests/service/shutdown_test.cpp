// SPDX-License-Identifier: MIT
#include "service/shutdown.hpp"

#include "support/run_test.hpp"
#include "support/turns.hpp"

#include <fid/task/race.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <variant>

namespace fid::service {
namespace {

using namespace std::chrono_literals;
using test::run_test;
using test::turns;

/// Why what is open is cut after that signal, if it is at once.
Task<std::optional<Cut>> cut_at_once(Signal first, const DrainSettings& settings) {
  Shutdown shutdown = co_await Shutdown::create(settings, [] {});
  auto either = race(shutdown.cut_requested(first), turns(20));
  auto which = co_await std::move(either);
  if (which.index() == 1) co_return std::nullopt;
  co_return std::get<0>(which);
}

TEST(Shutdown, AnInterruptCutsASingleRunAtOnce) {
  run_test([]() -> Task<void> {
    DrainSettings settings;
    settings.one_shot = true;
    const auto cut = co_await cut_at_once(Signal::interrupt, settings);
    EXPECT_TRUE(cut && cut->signal == Signal::interrupt && cut->reason == CloseReason::drain);
  });
}

TEST(Shutdown, WhoSaysHowLongItMayTakeHasThatForAnInterruptToo) {
  run_test([]() -> Task<void> {
    DrainSettings settings;
    settings.one_shot = true;
    settings.drain = 1h;
    const auto cut = co_await cut_at_once(Signal::interrupt, settings);
    EXPECT_FALSE(cut.has_value());
  });
}

}  // namespace
}  // namespace fid::service
