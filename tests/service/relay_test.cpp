// SPDX-License-Identifier: MIT
#include "service/relay.hpp"

#include "service/ignored_end.hpp"
#include "service/scripted_messages.hpp"
#include "support/handle_stream.hpp"
#include "support/run_test.hpp"

#include <fid/base/os.hpp>
#include <fid/io/duplex.hpp>
#include <fid/net/socket_options.hpp>
#include <fid/net/tcp_stream.hpp>
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
using fid::test::run_test;

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

using StreamPair = std::pair<StreamPtr, StreamPtr>;

template <class Ends>
StreamPair streams(Ends ends) {
  return {make_stream(std::move(ends.first)), make_stream(std::move(ends.second))};
}

StreamPair tcp_streams() {
  auto handles = fid::test::tcp_handles();
  return streams(std::pair(TcpStream::from_native(std::move(handles.first)).value(),
                           TcpStream::from_native(std::move(handles.second)).value()));
}

/// A relay between two pairs; `client` and `server` are the ends the test holds.
class Rig final : public RelayWatcher {
 public:
  enum class Kind { memory, sockets, tcp };

  explicit Rig(TransferSettings settings, Kind kind = Kind::memory,
               std::function<void(RelaySide&, RelaySide&)> adjust = {})
      : settings_(std::move(settings)) {
    StreamPair left = pair_of(kind);
    StreamPair right = pair_of(kind);
    client = std::move(left.first);
    a_ = std::move(left.second);
    b_ = std::move(right.first);
    server = std::move(right.second);
    RelaySide side_a;
    RelaySide side_b;
    side_a.stream = a_.get();
    side_b.stream = b_.get();
    if (adjust) adjust(side_a, side_b);
    relay.emplace(side_a, side_b, settings_, this);
    running_.add(run());
  }

  /// Waits until one direction has come to its end.
  Task<void> first_end() {
    while (!has_ended_) co_await yield_now();
  }

  Task<RelayEnd> ended() {
    co_await running_.join();
    co_return *end_;
  }

  StreamPtr client;
  StreamPtr server;
  std::optional<Relay> relay;

 private:
  static StreamPair pair_of(Kind kind) {
    if (kind == Kind::memory) return streams(duplex(65536));
    return kind == Kind::tcp ? tcp_streams() : streams(UnixStream::pair().value());
  }

  void ended(Side /*from*/, std::uint64_t /*bytes*/) override { has_ended_ = true; }

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
  bool has_ended_ = false;
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

/// Traffic from there puts that off. False if the machine was so slow that nothing was shown.
Task<bool> traffic_puts_off(Rig& rig, Stream& from, CloseReason reason) {
  TimePoint last = Clock::now();
  for (int i = 0; i < 5; ++i) {
    co_await sleep(25ms);
    if (Clock::now() - last >= 60ms) co_return false;
    last = Clock::now();
    co_await write_all(from, "x");
  }
  const RelayEnd end = co_await rig.ended();
  EXPECT_EQ(end.end.reason, reason);
  EXPECT_EQ(end.end.a_to_b + end.end.b_to_a, 5U);
  EXPECT_FALSE(end.end.complete);
  EXPECT_GE(end.end.lasted, 5 * 25ms + 60ms);
  co_return true;
}

Task<bool> traffic_puts_idle_off(Rig::Kind kind) {
  TransferSettings settings;
  settings.idle = 60ms;
  Rig rig(settings, kind);
  co_return co_await traffic_puts_off(rig, *rig.client, CloseReason::timeout_idle);
}

Task<bool> traffic_puts_half_idle_off(Rig::Kind kind) {
  TransferSettings settings;
  settings.half_idle = 60ms;
  Rig rig(settings, kind);
  co_await rig.client->shutdown();
  co_return co_await traffic_puts_off(rig, *rig.server, CloseReason::timeout_half);
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

TEST_P(RelayOver, TrafficPutsHalfIdleOff) {
  run_test([kind = GetParam()]() -> Task<void> {
    while (!co_await traffic_puts_half_idle_off(kind)) {
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

TEST(Relay, WhatWasReadBeforeTheOtherDirectionReachedTheLimitIsDelivered) {
  run_test([]() -> Task<void> {
    constexpr std::size_t much = 100'000;  // of which the client's buffer holds a part
    TransferSettings settings;
    settings.max_bytes = much + 5;
    Rig rig(settings, Rig::Kind::memory);
    TaskGroup writing;
    writing.add(write_all(*rig.server, std::string(much, 'x')));
    co_await writing.join();
    for (int turn = 0; turn < 50; ++turn) co_await yield_now();
    co_await write_all(*rig.client, "0123456789");
    for (int turn = 0; turn < 50; ++turn) co_await yield_now();
    EXPECT_EQ((co_await read_to_end(*rig.client)).size(), much);
    const RelayEnd end = co_await rig.ended();
    EXPECT_EQ(end.end.reason, CloseReason::limit);
    EXPECT_EQ(end.end.a_to_b, 5U);
    EXPECT_EQ(end.end.b_to_a, much);
    EXPECT_EQ(end.end.unsent, 0U);
  });
}

TEST(Relay, MessagesThatEndWithAsManyBytesAsAreAllowedHaveReachedTheLimit) {
  run_test([]() -> Task<void> {
    test::ScriptedMessages left({"12", "345"}, true);
    test::ScriptedMessages right({"6789"}, true);
    RelaySide a;
    a.messages = &left;
    RelaySide b;
    b.messages = &right;
    TransferSettings settings;
    settings.max_bytes = 9;
    Relay relay(a, b, settings);
    co_await relay.run();
    EXPECT_EQ(relay.result().end.reason, CloseReason::limit);
    EXPECT_EQ(relay.result().end.by, Side::self);
    EXPECT_TRUE(relay.result().end.complete);
  });
}

/// A relay that is over, and of whose last bytes the server, which goes on speaking, takes few.
struct HandingOver {
  static constexpr std::size_t size = 200'000;

  HandingOver()
      : rig({}, Rig::Kind::tcp, [](RelaySide& a, RelaySide& b) {
          a.eof = EndOfInput::close;
          EXPECT_TRUE(sockopt::set(*b.stream->write_handle(), sockopt::send_buffer_size, 1 << 20));
        }) {}

  Task<void> begin() {
    // The relay's system holds all of it, and the server's only a part.
    EXPECT_TRUE(sockopt::set(*rig.server->read_handle(), sockopt::recv_buffer_size, 16 << 10));
    co_await write_all(*rig.client, std::string(size, 'x'));
    co_await rig.client->shutdown();
    co_await rig.first_end();
    co_await yield_now();
  }

  Rig rig;
};

TEST(Relay, AReaderThatHasGoneIsNoticedWhileThereIsNothingToWrite) {
  run_test([]() -> Task<void> {
    Rig rig({}, Rig::Kind::memory);
    rig.server.reset();
    const RelayEnd end = co_await rig.ended();
    EXPECT_EQ(end.end.reason, CloseReason::write_error);
    EXPECT_EQ(end.end.by, Side::b);
  });
}

TEST(Relay, WhoIsStillToTakeItsLastBytesMaySpeakMeanwhile) {
  run_test([]() -> Task<void> {
    HandingOver over;
    co_await over.begin();
    // More than the system holds, before it reads anything.
    co_await write_all(*over.rig.server, std::string(16 << 20, 'y'));
    EXPECT_EQ((co_await read_to_end(*over.rig.server)).size(), over.size);
    const RelayEnd end = co_await over.rig.ended();
    EXPECT_EQ(end.end.reason, CloseReason::eof);
    EXPECT_EQ(end.end.a_to_b, over.size);
  });
}

TEST(Relay, WhatACutKeepsFromBeingHandedOverIsUnsent) {
  run_test([]() -> Task<void> {
    HandingOver over;
    co_await over.begin();
    over.rig.relay->cut(CloseReason::signal);
    const RelayEnd end = co_await over.rig.ended();
    EXPECT_EQ(end.end.reason, CloseReason::signal);
    EXPECT_EQ(end.end.by, Side::self);
    EXPECT_FALSE(end.end.complete);
    EXPECT_EQ(end.end.a_to_b, over.size) << "the system has taken it";
    EXPECT_GT(end.end.unsent, 0U);
    EXPECT_LE(end.end.unsent, over.size);
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
