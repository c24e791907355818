// SPDX-License-Identifier: MIT
#include "support/faults/scenario.hpp"

#include "support/descriptor_leaks.hpp"

#include <fid/base/error.hpp>
#include <fid/reactor/runtime.hpp>
#include <fid/reactor/sleep.hpp>
#include <fid/reactor/with_deadline.hpp>

#include <gtest/gtest.h>

#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <ostream>
#include <thread>

namespace fid::test {
namespace {

using namespace std::chrono_literals;

/// Only what hangs ever takes so long.
constexpr auto deadline = 20s;

/// Children that nobody waits for any more are reaped when they end, not at once.
Task<void> expect_as_before(std::size_t registrations, std::size_t timers) {
  const RegistrationTable& table = Reactor::current().registrations();
  for (int tries = 0; table.size() != registrations && tries < 2000; ++tries) co_await sleep(1ms);
  EXPECT_EQ(table.size(), registrations) << "still watched";
  EXPECT_EQ(Reactor::current().timers().size(), timers) << "still timed";
}

Task<void> play_again(Act& act) {
  const auto again = co_await as_result(with_deadline(deadline, act.operation()));
  if (!again) ADD_FAILURE() << "not usable after it failed: " << describe(again.error());
}

Task<void> play_in_world(const Scenario& scenario, Injector& injector, Result<void>& outcome) {
  const auto act = scenario.make();
  co_await act->prepare();
  const std::size_t registrations = Reactor::current().registrations().size();
  const std::size_t timers = Reactor::current().timers().size();
  {
    const Injector::Window window(injector, scenario.scope());
    outcome = co_await as_result(with_deadline(deadline, act->operation()));
  }
  co_await expect_as_before(registrations, timers);
  if (!outcome) co_await play_again(*act);
}

Result<void> play_with_reactor(const Scenario& scenario, Injector& injector) {
  const auto act = scenario.make();
  const auto operation = [&] { return with_deadline(deadline, act->operation()); };
  Result<void> outcome;
  {
    const Injector::Window window(injector, scenario.scope());
    outcome = run(operation);
  }
  if (!outcome) {
    EXPECT_TRUE(run(operation)) << "not usable after it failed";
  }
  return outcome;
}

void expect_no_children() {
  siginfo_t info{};
  for (int tries = 0; tries < 2000; ++tries) {
    if (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == -1) return;
    std::this_thread::sleep_for(1ms);
  }
  ADD_FAILURE() << "a child is left";
}

}  // namespace

std::string_view Scenario::expected(const Fault& fault) const {
  for (const Exception& exception : exceptions_) {
    const bool any = exception.errors.empty();
    if (exception.call != fault.call || (exception.nth && exception.nth != fault.nth)) continue;
    if (any || std::ranges::count(exception.errors, fault.error) > 0) return exception.reported_as;
  }
  const CallRow* const row = row_of(fault.call);
  return row == nullptr ? std::string_view() : row->reported_as;
}

bool Scenario::misses(const Call& call) const noexcept {
  return std::ranges::count(missing_, call, &Missing::call) > 0;
}

std::ostream& operator<<(std::ostream& out, const Scenario& scenario) {
  return out << scenario.name();
}

Result<void> play(const Scenario& scenario, Injector& injector) {
  const OpenDescriptors before;
  for (const Missing& each : scenario.missing()) injector.take_away(each);
  Result<void> outcome;
  if (scenario.includes_its_reactor()) {
    outcome = play_with_reactor(scenario, injector);
  } else {
    // Says more only if the reactor itself failed, or the scene could not be set.
    const auto ended = run([&] { return play_in_world(scenario, injector, outcome); });
    if (!ended) outcome = ended;
  }
  before.expect_unchanged();
  expect_no_children();
  return outcome;
}

}  // namespace fid::test
