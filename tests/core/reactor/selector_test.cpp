// SPDX-License-Identifier: MIT
#include "support/temp_dir.hpp"

#include <fid/base/os.hpp>
#include <fid/net/socket_addr.hpp>
#include <fid/reactor/selector.hpp>

#include <gtest/gtest.h>

#include <poll.h>

#include <array>
#include <chrono>
#include <future>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

// The promises of Selector, held against every one that was built.
namespace fid {
namespace {

using namespace std::chrono_literals;

constexpr Token here{3, 7};
constexpr Interest both = Interest::readable | Interest::writable;

class EverySelector : public testing::TestWithParam<std::string> {
 protected:
  EverySelector() : selector(make_selector(GetParam()).value()) {}

  /// What is ready now.
  Events& poll() {
    EXPECT_TRUE(selector->wait(Duration::zero(), events).has_value());
    return events;
  }
  /// The states reported now for one token.
  Ready states(Token token = here) {
    Ready ready;
    for (const ReadyEvent& event : poll()) {
      if (event.token == token) ready |= event.ready;
    }
    return ready;
  }

  std::unique_ptr<Selector> selector;
  Events events;
};

std::pair<Handle, Handle> socket_pair() {
  return os::socket_pair(os::SocketType::stream).value();
}

void send(const Handle& to, std::string_view text) {
  EXPECT_EQ(os::send(to.get(), as_bytes(text)).value(), text.size());
}

TEST_P(EverySelector, ReportsTheStateAHandleHasWhenItIsAdded) {
  auto [near, far] = socket_pair();
  send(far, "x");
  ASSERT_TRUE(selector->add(near.get(), here, both).has_value());
  EXPECT_EQ(states(), Ready::readable | Ready::writable);
}

TEST_P(EverySelector, ReportsOnlyWhatItWasAskedFor) {
  auto [near, far] = socket_pair();
  ASSERT_TRUE(selector->add(near.get(), here, Interest::readable).has_value());
  EXPECT_EQ(poll().size(), 0U);
  send(far, "x");
  EXPECT_EQ(states(), Ready::readable);
}

TEST_P(EverySelector, IsSilentUntilSomethingChanges) {
  auto [near, far] = socket_pair();
  send(far, "x");
  ASSERT_TRUE(selector->add(near.get(), here, Interest::readable).has_value());
  EXPECT_EQ(states(), Ready::readable);
  EXPECT_EQ(poll().size(), 0U);
  send(far, "y");
  EXPECT_EQ(states(), Ready::readable);
}

TEST_P(EverySelector, SaysNothingOfAHandleThatWasRemoved) {
  auto [near, far] = socket_pair();
  ASSERT_TRUE(selector->add(near.get(), here, both).has_value());
  ASSERT_TRUE(selector->remove(near.get()).has_value());
  send(far, "x");
  EXPECT_EQ(poll().size(), 0U);
  EXPECT_TRUE(selector->add(near.get(), here, both).has_value()) << "it can be added again";
}

TEST_P(EverySelector, RefusesWhatCannotBeWatched) {
  auto [near, far] = socket_pair();
  ASSERT_TRUE(selector->add(near.get(), here, both).has_value());
  EXPECT_EQ(selector->add(near.get(), here, both).error().code, std::errc::file_exists);
  EXPECT_EQ(selector->add(invalid_native, here, both).error().code, std::errc::bad_file_descriptor);
  const test::TempDir directory;
  const Handle file = os::open(directory / "file", {.write = true, .create = true}).value();
  EXPECT_EQ(selector->add(file.get(), here, both).error().code, std::errc::operation_not_permitted);
  EXPECT_FALSE(selector->remove(far.get()).has_value());
}

TEST_P(EverySelector, TellsTheEndOfAStream) {
  auto [near, far] = socket_pair();
  ASSERT_TRUE(selector->add(near.get(), here, both).has_value());
  EXPECT_EQ(states(), Ready::writable);
  ASSERT_TRUE(os::shutdown(far.get(), os::Shutdown::write).has_value());
  const Ready half = states();
  EXPECT_TRUE(half.is_read_closed());
  EXPECT_FALSE(half.is_write_closed());
  far = Handle();
  EXPECT_TRUE(states().is_write_closed());
}

TEST_P(EverySelector, TellsThatAPipeHasNoReader) {
  auto [reader, writer] = os::pipe().value();
  ASSERT_TRUE(selector->add(writer.get(), here, Interest::writable).has_value());
  EXPECT_EQ(states(), Ready::writable);
  reader = Handle();
  EXPECT_TRUE(states().is_write_closed());
}

TEST_P(EverySelector, AnErrorBesideSomethingToReadDoesNotCloseWriting) {
  const auto near = os::socket(os::Family::inet4, os::SocketType::datagram).value();
  auto far = os::socket(os::Family::inet4, os::SocketType::datagram).value();
  for (const Handle* const end : {&near, &std::as_const(far)}) {
    ASSERT_TRUE(os::bind(end->get(), SocketAddr(Ipv4Addr::loopback(), 0).to_raw()));
  }
  ASSERT_TRUE(os::connect(near.get(), os::local_name(far.get()).value()));
  ASSERT_TRUE(os::connect(far.get(), os::local_name(near.get()).value()));
  send(far, "x");
  // Nobody hears what comes next, and the system says so.
  far = Handle();
  send(near, "y");
  for (pollfd polled{near.get(), POLLIN, 0}; polled.revents != (POLLIN | POLLERR);) {
    ASSERT_EQ(::poll(&polled, 1, -1), 1);
  }
  ASSERT_TRUE(selector->add(near.get(), here, Interest::readable).has_value());
  EXPECT_EQ(states(), Ready::readable | Ready::error);
}

TEST_P(EverySelector, EventsCarryTheTokenOfTheirHandle) {
  auto [a, b] = socket_pair();
  const Token first{1, 0xffffffff};
  const Token second{0xfffffffe, 2};
  ASSERT_TRUE(selector->add(a.get(), first, Interest::writable).has_value());
  ASSERT_TRUE(selector->add(b.get(), second, Interest::writable).has_value());
  std::map<std::uint32_t, std::uint32_t> seen;
  for (const ReadyEvent& event : poll()) seen[event.token.slot] = event.token.generation;
  EXPECT_EQ(seen, (std::map<std::uint32_t, std::uint32_t>{{1, 0xffffffff}, {0xfffffffe, 2}}));
}

TEST_P(EverySelector, AHandleClosedBehindItsBackStillReportsUnderItsOldToken) {
  auto [near, far] = socket_pair();
  ASSERT_TRUE(selector->add(near.get(), {1, 1}, Interest::readable).has_value());
  const Handle copy = os::duplicate(near.get()).value();
  const Native number = near.get();
  near = Handle();
  EXPECT_FALSE(selector->remove(number).has_value());
  auto [other, its_peer] = socket_pair();
  ASSERT_TRUE(selector->add(other.get(), {1, 2}, Interest::readable).has_value());
  send(far, "x");
  // Systems that keep the entry say so with the old generation; none takes it for the new one's.
  EXPECT_TRUE(states({1, 2}).is_empty());
}

TEST_P(EverySelector, WhatDoesNotFitComesWithTheNextWait) {
  std::vector<std::pair<Handle, Handle>> pairs;
  for (std::uint32_t i = 0; i < Events::capacity; ++i) {
    pairs.push_back(socket_pair());
    ASSERT_TRUE(selector->add(pairs.back().first.get(), {2 * i, 0}, both).has_value());
    ASSERT_TRUE(selector->add(pairs.back().second.get(), {2 * i + 1, 0}, both).has_value());
  }
  std::map<std::uint32_t, int> seen;
  while (poll().size() > 0) {
    for (const ReadyEvent& event : events) ++seen[event.token.slot];
  }
  EXPECT_EQ(seen.size(), 2 * Events::capacity);
}

TEST_P(EverySelector, WaitsNoShorterThanItsTimeout) {
  const TimePoint start = Clock::now();
  EXPECT_TRUE(selector->wait(1500us, events).has_value());
  EXPECT_GE(Clock::now() - start, 1500us);
  EXPECT_EQ(events.size(), 0U);
}

TEST_P(EverySelector, AWakeBeforeAWaitCutsItShortOnce) {
  selector->wake();
  selector->wake();
  EXPECT_TRUE(selector->wait(std::nullopt, events).has_value());
  EXPECT_EQ(events.size(), 0U);
  const TimePoint start = Clock::now();
  EXPECT_TRUE(selector->wait(2ms, events).has_value());
  EXPECT_GE(Clock::now() - start, 2ms);
}

TEST_P(EverySelector, AWakeDuringAWaitCutsItShort) {
  std::promise<void> waiting;
  std::thread other([&] {
    waiting.get_future().wait();
    selector->wake();
  });
  waiting.set_value();
  EXPECT_TRUE(selector->wait(std::nullopt, events).has_value());
  EXPECT_EQ(events.size(), 0U);
  other.join();
}

TEST_P(EverySelector, AWakeHidesNoEvent) {
  auto [near, far] = socket_pair();
  ASSERT_TRUE(selector->add(near.get(), here, Interest::readable).has_value());
  send(far, "x");
  selector->wake();
  EXPECT_EQ(states(), Ready::readable);
}

std::vector<std::string> all_names() {
  const auto names = selector_names();
  return {names.begin(), names.end()};
}

INSTANTIATE_TEST_SUITE_P(Built, EverySelector, testing::ValuesIn(all_names()),
                         [](const auto& which) { return which.param; });

TEST(MakeSelector, TakesTheFirstUnlessOneIsNamed) {
  EXPECT_TRUE(make_selector().has_value());
  EXPECT_EQ(make_selector("tea leaves").error().code, std::errc::invalid_argument);
}

}  // namespace
}  // namespace fid
