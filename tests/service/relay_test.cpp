// SPDX-License-Identifier: MIT
#include "service/relay.hpp"

#include "service/ignored_end.hpp"
#include "support/run_test.hpp"

#include <fid/base/os.hpp>
#include <fid/io/duplex.hpp>
#include <fid/net/unix_stream.hpp>
#include <fid/reactor/sleep.hpp>
#include <fid/task/task_group.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace fid::service {
namespace {

using namespace std::chrono_literals;
using test::run_test;

Task<void> write_all(Stream& to, std::string text) {
  Bytes left = as_bytes(text);
  while (!left.empty()) left = left.subspan(co_await to.write(left));
}

Task<std::string> read_to_end(Stream& from) {
  std::string text;
  char buffer[4096];
  for (;;) {
    const std::size_t n = co_await from.read(std::as_writable_bytes(std::span(buffer)));
    if (n == 0) co_return text;
    text.append(buffer, n);
  }
}

Task<std::string> read_some(Stream& from) {
  char buffer[4096];
  const std::size_t n = co_await from.read(std::as_writable_bytes(std::span(buffer)));
  co_return std::string(buffer, n);
}

/// A relay between two pairs; `client` and `server` are the ends the test holds.
class Rig {
 public:
  enum class Kind { memory, sockets };

  explicit Rig(TransferSettings settings, Kind kind = Kind::memory,
               std::function<void(RelaySide&, RelaySide&)> adjust = {})
      : settings_(std::move(settings)) {
    if (kind == Kind::memory) {
      auto left = duplex(65536);
      auto right = duplex(65536);
      client = make_stream(std::move(left.first));
      a_ = make_stream(std::move(left.second));
      b_ = make_stream(std::move(right.first));
      server = make_stream(std::move(right.second));
    } else {
      auto left = UnixStream::pair().value();
      auto right = UnixStream::pair().value();
      client = make_stream(std::move(left.first));
      a_ = make_stream(std::move(left.second));
      b_ = make_stream(std::move(right.first));
      server = make_stream(std::move(right.second));
    }
    RelaySide side_a;
    RelaySide side_b;
    side_a.stream = a_.get();
    side_b.stream = b_.get();
    if (adjust) adjust(side_a, side_b);
    relay.emplace(side_a, side_b, settings_);
    running_.add(run());
  }

  Task<RelayEnd> ended() {
    co_await running_.join();
    co_return *end_;
  }

  StreamPtr client;
  StreamPtr server;
  std::optional<Relay> relay;

 private:
  Task<void> run() {
    co_await relay->run();
    end_ = relay->result();
    // As the owner of a relay does: what is over is closed.
    relay.reset();
    a_.reset();
    b_.reset();
  }

  TransferSettings settings_;
  StreamPtr a_;
  StreamPtr b_;
  std::optional<RelayEnd> end_;
  TaskGroup running_;
};

class RelayOver : public testing::TestWithParam<Rig::Kind> {};

TEST_P(RelayOver, AnAnswerThatStartsAfterTheEndOfTheRequestArrivesWhole) {
  run_test([kind = GetParam()]() -> Task<void> {
    Rig rig({}, kind);
    co_await write_all(*rig.client, "request");
    co_await rig.client->shutdown();
    EXPECT_EQ(co_await read_to_end(*rig.server), "request");
    co_await sleep(20ms);
    co_await write_all(*rig.server, "answer");
    rig.server.reset();
    EXPECT_EQ(co_await read_to_end(*rig.client), "answer");
    const RelayEnd end = co_await rig.ended();
    EXPECT_TRUE(end.end.complete);
    EXPECT_EQ(end.end.reason, CloseReason::eof);
    EXPECT_EQ(end.end.by, Side::a);
    EXPECT_EQ(end.end.a_to_b, 7U);
    EXPECT_EQ(end.end.b_to_a, 6U);
  });
}

TEST_P(RelayOver, EofCloseEndsBothDirectionsAtTheFirstEnd) {
  run_test([kind = GetParam()]() -> Task<void> {
    Rig rig({}, kind, [](RelaySide& a, RelaySide&) { a.eof = EndOfInput::close; });
    co_await write_all(*rig.client, "all of it");
    co_await rig.client->shutdown();
    EXPECT_EQ(co_await read_to_end(*rig.server), "all of it");
    const RelayEnd end = co_await rig.ended();
    EXPECT_TRUE(end.end.complete);
    EXPECT_EQ(co_await read_to_end(*rig.client), "");
  });
}

/// False if the machine was so slow that nothing was shown.
Task<bool> traffic_puts_idle_off(Rig::Kind kind) {
  TransferSettings settings;
  settings.idle = 60ms;
  TimePoint last = Clock::now();
  Rig rig(settings, kind);
  for (int i = 0; i < 5; ++i) {
    co_await sleep(25ms);
    if (Clock::now() - last >= 60ms) co_return false;
    last = Clock::now();
    co_await write_all(*rig.client, "x");
  }
  const RelayEnd end = co_await rig.ended();
  EXPECT_EQ(end.end.reason, CloseReason::timeout_idle);
  EXPECT_EQ(end.end.a_to_b, 5U);
  EXPECT_FALSE(end.end.complete);
  EXPECT_GE(end.end.lasted, 5 * 25ms + 60ms);
  co_return true;
}

TEST(Relay, EofCloseIsNotCompleteWhereSomethingWasLeft) {
  run_test([]() -> Task<void> {
    Rig rig({}, Rig::Kind::memory, [](RelaySide& a, RelaySide&) { a.eof = EndOfInput::close; });
    // Nobody reads: the relay holds what the client's buffer does not.
    TaskGroup writing;
    writing.add(write_all(*rig.server, std::string(1 << 20, 'x')));
    for (int turn = 0; turn < 50; ++turn) co_await yield_now();
    co_await rig.client->shutdown();
    const RelayEnd end = co_await rig.ended();
    EXPECT_EQ(end.end.reason, CloseReason::eof);
    EXPECT_GT(end.end.unsent, 0U);
    EXPECT_FALSE(end.end.complete);
    writing.cancel();
  });
}

TEST_P(RelayOver, IdleEndsItAndTrafficPutsThatOff) {
  run_test([kind = GetParam()]() -> Task<void> {
    while (!co_await traffic_puts_idle_off(kind)) {
    }
  });
}

TEST_P(RelayOver, LingerBoundsTheSecondHalfAndSaysThatItWasCut) {
  run_test([kind = GetParam()]() -> Task<void> {
    Rig rig({}, kind, [](RelaySide& a, RelaySide&) { a.linger = 20ms; });
    co_await rig.client->shutdown();
    const RelayEnd end = co_await rig.ended();
    EXPECT_EQ(end.end.reason, CloseReason::timeout_half);
    EXPECT_FALSE(end.end.complete);
  });
}

TEST_P(RelayOver, LingerIsTheProperEndOfASideThatCannotTellOne) {
  run_test([kind = GetParam()]() -> Task<void> {
    Rig rig({}, kind, [](RelaySide&, RelaySide& b) {
      b.linger = 20ms;
      b.tells_end = false;
    });
    co_await rig.client->shutdown();
    const RelayEnd end = co_await rig.ended();
    EXPECT_EQ(end.end.reason, CloseReason::eof);
    EXPECT_TRUE(end.end.complete);
  });
}

TEST_P(RelayOver, TimeoutEndsTheWholeOfIt) {
  run_test([kind = GetParam()]() -> Task<void> {
    TransferSettings settings;
    settings.timeout = 20ms;
    Rig rig(settings, kind);
    const RelayEnd end = co_await rig.ended();
    EXPECT_EQ(end.end.reason, CloseReason::timeout_total);
    EXPECT_FALSE(end.end.complete);
  });
}

TEST_P(RelayOver, MaxBytesEndsItAfterThatMany) {
  run_test([kind = GetParam()]() -> Task<void> {
    TransferSettings settings;
    settings.max_bytes = 10;
    Rig rig(settings, kind);
    co_await write_all(*rig.client, "0123456789abcdef");
    const RelayEnd end = co_await rig.ended();
    EXPECT_EQ(end.end.reason, CloseReason::limit);
    EXPECT_EQ(end.end.a_to_b, 10U);
    EXPECT_EQ(co_await read_to_end(*rig.server), "0123456789");
  });
}

TEST_P(RelayOver, ACutOneSaysWhatWasNotDelivered) {
  run_test([kind = GetParam()]() -> Task<void> {
    Rig rig({}, kind);
    // Nobody reads: the relay holds what the server's buffer does not.
    TaskGroup writing;
    writing.add(write_all(*rig.client, std::string(4 << 20, 'x')));
    co_await sleep(30ms);
    rig.relay->cut(CloseReason::signal);
    const RelayEnd end = co_await rig.ended();
    EXPECT_EQ(end.end.reason, CloseReason::signal);
    EXPECT_EQ(end.end.by, Side::self);
    EXPECT_FALSE(end.end.complete);
    EXPECT_GT(end.end.unsent, 0U);
    const std::string got = co_await read_to_end(*rig.server);
    EXPECT_EQ(got.size(), end.end.a_to_b);
    writing.cancel();
  });
}

TEST_P(RelayOver, InOneDirectionTheOtherIsNotPassedOn) {
  run_test([kind = GetParam()]() -> Task<void> {
    TransferSettings settings;
    settings.direction = Direction::a_to_b;
    Rig rig(settings, kind);
    co_await write_all(*rig.server, "unwanted");
    co_await write_all(*rig.client, "wanted");
    co_await rig.client->shutdown();
    EXPECT_EQ(co_await read_to_end(*rig.server), "wanted");
    const RelayEnd end = co_await rig.ended();
    EXPECT_TRUE(end.end.complete);
    EXPECT_EQ(end.end.b_to_a, 0U);
    EXPECT_EQ(co_await read_to_end(*rig.client), "");
  });
}

INSTANTIATE_TEST_SUITE_P(Both, RelayOver, testing::Values(Rig::Kind::memory, Rig::Kind::sockets),
                         [](const auto& one) {
                           return one.param == Rig::Kind::memory ? "Memory" : "Sockets";
                         });

TEST(Relay, HalfIdleBoundsTheSecondHalfAndTheWholeDoesNotCount) {
  run_test([]() -> Task<void> {
    TransferSettings settings;
    settings.half_idle = 40ms;
    Rig rig(settings);
    co_await sleep(80ms);
    co_await write_all(*rig.client, "still here");
    co_await rig.client->shutdown();
    const RelayEnd end = co_await rig.ended();
    EXPECT_EQ(end.end.reason, CloseReason::timeout_half);
    EXPECT_FALSE(end.end.complete);
    EXPECT_EQ(end.end.a_to_b, 10U);
    EXPECT_GE(end.end.lasted, 80ms + 40ms);
  });
}

TEST(Relay, ADeadlineComesBeforeTheTimeThatIsCountedFromItsBeginning) {
  run_test([]() -> Task<void> {
    auto left = duplex(64);
    auto right = duplex(64);
    const StreamPtr stream_a = make_stream(std::move(left.second));
    const StreamPtr stream_b = make_stream(std::move(right.first));
    RelaySide a;
    a.stream = stream_a.get();
    RelaySide b;
    b.stream = stream_b.get();
    TransferSettings settings;
    settings.timeout = 1h;
    Relay relay(a, b, settings, nullptr, Clock::now());
    co_await relay.run();
    EXPECT_EQ(relay.result().end.reason, CloseReason::timeout_total);
  });
}

TEST(Relay, WhatAPeerSaidBeforeItClosedIsDeliveredAlthoughItTakesNoMore) {
  run_test([]() -> Task<void> {
    Rig rig({}, Rig::Kind::sockets);
    co_await write_all(*rig.server, "early answer");
    rig.server.reset();
    co_await write_all(*rig.client, std::string(1000, 'x'));
    EXPECT_EQ(co_await read_some(*rig.client), "early answer");
    rig.client.reset();
    const RelayEnd end = co_await rig.ended();
    EXPECT_FALSE(end.end.complete);
    EXPECT_EQ(end.end.b_to_a, 12U);
  });
}

TEST(Relay, APeerThatListensNoMoreIsHeardOut) {
  run_test([]() -> Task<void> {
    Rig rig({}, Rig::Kind::sockets);
    EXPECT_TRUE(os::shutdown(*rig.server->read_handle(), os::Shutdown::read));
    co_await write_all(*rig.client, std::string(1000, 'x'));
    for (int turn = 0; turn < 20; ++turn) co_await yield_now();
    co_await write_all(*rig.client, std::string(500, 'y'));
    for (int turn = 0; turn < 20; ++turn) co_await yield_now();
    co_await write_all(*rig.server, "late answer");
    EXPECT_EQ(co_await read_some(*rig.client), "late answer");
    rig.server.reset();
    const RelayEnd end = co_await rig.ended();
    EXPECT_EQ(end.end.reason, CloseReason::write_error);
    EXPECT_EQ(end.end.by, Side::b);
    EXPECT_EQ(end.end.b_to_a, 11U);
    EXPECT_EQ(end.end.unsent, 1500U) << "what was read for nobody counts as well";
    EXPECT_FALSE(end.end.complete);
  });
}

TEST(IgnoredEnd, ReadsOnAfterTheEndOfAStream) {
  run_test([]() -> Task<void> {
    auto ends = duplex(100);
    IgnoredEnd stream(make_stream(std::move(ends.first)));
    StreamPtr other = make_stream(std::move(ends.second));
    co_await write_all(*other, "before");
    EXPECT_EQ(co_await read_some(stream), "before");
    other.reset();
    char buffer[8];
    const auto result = stream.attempt_read(std::as_writable_bytes(std::span(buffer)));
    EXPECT_TRUE(result.error().would_block());
    EXPECT_FALSE(stream.read_readiness().has(Interest::readable));
    // Looked at again a moment later, without being asked.
    co_await stream.readable();
    EXPECT_TRUE(stream.read_readiness().has(Interest::readable));
  });
}

}  // namespace
}  // namespace fid::service
