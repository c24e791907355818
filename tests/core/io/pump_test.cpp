// SPDX-License-Identifier: MIT
#include "support/handle_stream.hpp"
#include "support/holding.hpp"
#include "support/run_test.hpp"
#include "support/turns.hpp"

#include <fid/base/error.hpp>
#include <fid/io/duplex.hpp>
#include <fid/io/pump.hpp>
#include <fid/reactor/soft_readiness.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fid {
namespace {

using test::Holding;
using test::run_test;
using test::turns;

// Two of them, two streams and two registrations have to fit into 1 KiB.
static_assert(sizeof(Pump) <= 208);

/// a -- from =pump=> to -- b, in memory.
struct Line {
  explicit Line(std::size_t capacity) : Line(duplex(capacity), duplex(capacity)) {}

  DuplexStream a;
  StreamPtr from;
  StreamPtr to;
  std::optional<DuplexStream> b;
  Event changed;

 private:
  Line(std::pair<DuplexStream, DuplexStream> in, std::pair<DuplexStream, DuplexStream> out)
      : a(std::move(in.first)),
        from(make_stream(std::move(in.second))),
        to(make_stream(std::move(out.first))),
        b(std::move(out.second)) {}
};

Task<std::string> read_some(DuplexStream& from) {
  std::array<std::byte, 64> buffer;
  const std::size_t count = co_await from.read(buffer);
  co_return std::string(as_text(Bytes(buffer).first(count)));
}

Task<void> until_ended(Pump& pump, Event& changed) {
  while (pump.running()) {
    co_await changed.wait();
    changed.reset();
  }
}

TEST(Pump, HandsOnBytesAndTheEndOfTheStream) {
  run_test([]() -> Task<void> {
    Line line(8);
    Pump pump(*line.from, *line.to, line.changed);
    pump.start();
    EXPECT_EQ(co_await line.a.write(as_bytes("ping")), 4U);
    co_await line.a.shutdown();
    EXPECT_EQ(co_await read_some(*line.b), "ping");
    EXPECT_EQ(co_await read_some(*line.b), "");
    co_await until_ended(pump, line.changed);
    EXPECT_EQ(pump.end(), PumpEnd::eof);
    EXPECT_EQ(pump.bytes(), 4U);
    EXPECT_EQ(pump.unsent(), 0U);
  });
}

TEST(Pump, LeavesTheWriterOpenWhenToldSo) {
  run_test([]() -> Task<void> {
    Line line(8);
    PumpOptions options;
    options.shutdown = false;
    Pump pump(*line.from, *line.to, line.changed, options);
    pump.start();
    co_await line.a.shutdown();
    co_await until_ended(pump, line.changed);
    EXPECT_EQ(pump.end(), PumpEnd::eof);
    EXPECT_EQ(co_await line.to->write(as_bytes("more")), 4U);
    EXPECT_EQ(co_await read_some(*line.b), "more");
  });
}

TEST(Pump, MovesAsManyBytesAsAllowedAndReadsNoMore) {
  run_test([]() -> Task<void> {
    Line line(16);
    PumpOptions options;
    options.limit = 6;
    Pump pump(*line.from, *line.to, line.changed, options);
    pump.start();
    EXPECT_EQ(co_await line.a.write(as_bytes("0123456789")), 10U);
    co_await until_ended(pump, line.changed);
    EXPECT_EQ(pump.end(), PumpEnd::limit);
    EXPECT_EQ(pump.bytes(), 6U);
    EXPECT_EQ(co_await read_some(*line.b), "012345");
    std::array<std::byte, 16> left;
    EXPECT_EQ(co_await line.from->read(left), 4U);
  });
}

struct Recorder final : PumpObserver {
  void passing(Bytes chunk) override { seen += as_text(chunk); }
  std::string seen;
};

TEST(Pump, ShowsTheObserverEveryByteOnce) {
  run_test([]() -> Task<void> {
    Line line(4);
    Recorder recorder;
    PumpOptions options;
    options.observer = &recorder;
    Pump pump(*line.from, *line.to, line.changed, options);
    pump.start();
    std::string got;
    for (const char* part : {"one ", "two ", "3456"}) {
      EXPECT_EQ(co_await line.a.write(as_bytes(part)), 4U);
      got += co_await read_some(*line.b);
    }
    EXPECT_EQ(got, "one two 3456");
    EXPECT_EQ(recorder.seen, got);
  });
}

TEST(Pump, CountsWhatTheWriterDidNotTake) {
  run_test([]() -> Task<void> {
    auto [a, from_end] = duplex(10);
    auto [to_end, b_end] = duplex(4);
    const StreamPtr from = make_stream(std::move(from_end));
    const StreamPtr to = make_stream(std::move(to_end));
    std::optional<DuplexStream> b(std::move(b_end));
    Event changed;
    Pump pump(*from, *to, changed);
    pump.start();
    EXPECT_EQ(co_await a.write(as_bytes("0123456789")), 10U);
    co_await turns(8);
    EXPECT_EQ(pump.bytes(), 4U);
    EXPECT_EQ(pump.unsent(), 6U);
    EXPECT_EQ(co_await read_some(*b), "0123");
    co_await turns(8);
    EXPECT_EQ(pump.bytes(), 8U);
    b.reset();
    co_await until_ended(pump, changed);
    EXPECT_EQ(pump.end(), PumpEnd::write_failed);
    EXPECT_EQ(pump.error().code, std::errc::broken_pipe);
    EXPECT_EQ(pump.bytes(), 8U);
    EXPECT_EQ(pump.unsent(), 2U);
  });
}

TEST(Pump, FlushesABufferingWriterWhenThereIsNothingToRead) {
  run_test([]() -> Task<void> {
    Line line(8);
    Holding holding(*line.to);
    Pump pump(*line.from, holding, line.changed);
    pump.start();
    EXPECT_EQ(co_await line.a.write(as_bytes("ask")), 3U);
    EXPECT_EQ(co_await read_some(*line.b), "ask");
    EXPECT_TRUE(pump.running());
  });
}

TEST(Pump, GoesOnFlushingWhenTheWriterHasRoomAgain) {
  run_test([]() -> Task<void> {
    auto [a, from_end] = duplex(10);
    auto [to_end, b] = duplex(4);
    const StreamPtr from = make_stream(std::move(from_end));
    const StreamPtr to = make_stream(std::move(to_end));
    Holding holding(*to);
    Event changed;
    Pump pump(*from, holding, changed);
    pump.start();
    EXPECT_EQ(co_await a.write(as_bytes("0123456789")), 10U);
    EXPECT_EQ(co_await read_some(b), "0123");
    EXPECT_EQ(co_await read_some(b), "4567");
    co_await a.shutdown();
    EXPECT_EQ(co_await read_some(b), "89");
    EXPECT_EQ(co_await read_some(b), "");
    co_await until_ended(pump, changed);
    EXPECT_EQ(pump.end(), PumpEnd::eof);
  });
}

TEST(Pump, SaysWhenTheReaderFailedAndFlushesWhatItGave) {
  run_test([]() -> Task<void> {
    Line line(8);
    Holding reader(*line.from);
    Holding writer(*line.to);
    Pump pump(reader, writer, line.changed);
    pump.start();
    EXPECT_EQ(co_await line.a.write(as_bytes("last")), 4U);
    co_await turns(8);
    reader.break_reading();
    EXPECT_EQ(co_await line.a.write(as_bytes("x")), 1U);
    co_await until_ended(pump, line.changed);
    EXPECT_EQ(pump.end(), PumpEnd::read_failed);
    EXPECT_EQ(pump.error().code, std::errc::io_error);
    EXPECT_EQ(co_await read_some(*line.b), "last");
    EXPECT_EQ(co_await line.to->write(as_bytes("open")), 4U);
  });
}

TEST(Pump, NoticesThatNobodyReadsAnyMoreWhileIdle) {
  run_test([]() -> Task<void> {
    auto [a, from_end] = duplex(8);
    const StreamPtr from = make_stream(std::move(from_end));
    auto pipe = os::pipe().value();
    const StreamPtr to = make_stream(test::HandleStream(std::move(pipe.second)));
    Event changed;
    PumpOptions options;
    options.watch_writer = true;
    Pump pump(*from, *to, changed, options);
    pump.start();
    EXPECT_EQ(co_await a.write(as_bytes("x")), 1U);
    co_await turns(8);
    EXPECT_EQ(pump.bytes(), 1U);
    { const Handle closed = std::move(pipe.first); }
    co_await until_ended(pump, changed);
    EXPECT_EQ(pump.end(), PumpEnd::write_failed);
    EXPECT_EQ(pump.error().code, std::errc::broken_pipe);
  });
}

TEST(Pump, CanBeDestroyedWhereverItWaitsAndNothingIsLostElsewhere) {
  run_test([]() -> Task<void> {
    Line line(4);
    {
      Pump reading(*line.from, *line.to, line.changed);
      reading.start();
    }
    EXPECT_EQ(co_await line.a.write(as_bytes("abcd")), 4U);
    {
      Pump pump(*line.from, *line.to, line.changed);
      pump.start();
      EXPECT_EQ(pump.bytes(), 4U);
      EXPECT_EQ(co_await line.a.write(as_bytes("efgh")), 4U);
      co_await turns(8);
      EXPECT_EQ(pump.unsent(), 4U);  // it waits to write
    }
    EXPECT_EQ(co_await read_some(*line.b), "abcd");
    Holding holding(*line.to);
    {
      EXPECT_EQ(co_await line.to->write(as_bytes("full")), 4U);
      Pump pump(*line.from, holding, line.changed);
      pump.start();
      EXPECT_EQ(co_await line.a.write(as_bytes("ijkl")), 4U);
      co_await turns(8);
      EXPECT_EQ(pump.bytes(), 4U);  // it waits to read and to flush
    }
    EXPECT_EQ(co_await read_some(*line.b), "full");
    EXPECT_EQ(co_await line.a.write(as_bytes("rest")), 4U);
    Pump pump(*line.from, *line.to, line.changed);
    pump.start();
    EXPECT_EQ(co_await read_some(*line.b), "rest");
  });
}

TEST(Pump, EndsWhenTheReactorStops) {
  auto reactor = Reactor::create().value();
  auto sockets = test::socket_handles();
  auto others = test::socket_handles();
  const StreamPtr from = make_stream(test::HandleStream(std::move(sockets.first)));
  const StreamPtr to = make_stream(test::HandleStream(std::move(others.first)));
  Event changed;
  Pump pump(*from, *to, changed);
  pump.start();
  reactor.reset();
  EXPECT_EQ(pump.end(), PumpEnd::read_failed);
  EXPECT_EQ(pump.error().code, Errc::reactor_stopped);
}

/// A stream that moves a few bytes at a time whatever there is, and is reported as ready once.
class Nibbling final : public Stream {
 public:
  explicit Nibbling(std::size_t most, std::string text = {}) : most_(most), text_(std::move(text)) {
    readiness_->set(Ready::readable | Ready::writable);
  }

  Result<std::size_t> attempt_read(MutableBytes into) override {
    const std::size_t count = std::min({into.size(), text_.size(), most_});
    std::copy_n(as_bytes(text_).begin(), count, into.begin());
    text_.erase(0, count);
    return count;
  }
  Readiness& read_readiness() override { return *readiness_; }
  std::optional<Native> read_handle() const noexcept override { return std::nullopt; }

  Result<std::size_t> attempt_write(Bytes from) override {
    const std::size_t count = std::min(from.size(), most_);
    text_ += as_text(from.first(count));
    return count;
  }
  Result<void> attempt_flush() override { return {}; }
  Result<void> attempt_shutdown() override { return {}; }
  Readiness& write_readiness() override { return *readiness_; }
  std::optional<Native> write_handle() const noexcept override { return std::nullopt; }

  const std::string& text() const noexcept { return text_; }

 private:
  std::size_t most_;
  std::string text_;
  SoftReadiness readiness_{Readiness::Kind::stream};
};

TEST(Pump, ShortMovesOfAStreamThatIsNoHandleProveNothing) {
  run_test([]() -> Task<void> {
    Nibbling from(3, "more than is moved at once");
    Nibbling to(2);
    Event changed;
    Pump pump(from, to, changed);
    pump.start();
    co_await turns(4);
    EXPECT_FALSE(pump.running());
    EXPECT_EQ(to.text(), "more than is moved at once");
  });
}

TEST(Pump, GivesWayToOthersWhileThereIsAlwaysMore) {
  run_test([]() -> Task<void> {
    Nibbling from(3, std::string(1000, 'x'));
    Nibbling to(2);
    Event changed;
    Pump pump(from, to, changed);
    pump.start();
    EXPECT_TRUE(pump.running());
    EXPECT_FALSE(to.text().empty());
    co_await until_ended(pump, changed);
    EXPECT_EQ(to.text().size(), 1000U);
  });
}

TEST(Pump, TakesAwayTheReadinessThatACallFoundToBeOver) {
  run_test([]() -> Task<void> {
    Line line(8);
    Pump pump(*line.from, *line.to, line.changed);
    pump.start();
    EXPECT_EQ(co_await line.a.write(as_bytes("x")), 1U);
    co_await turns(2);
    EXPECT_EQ(pump.bytes(), 1U);
    EXPECT_FALSE(line.from->read_readiness().has(Interest::readable));
  });
}

TEST(Pump, EndsWhenTheReactorStopsWhileTheWriterIsFull) {
  auto reactor = Reactor::create().value();
  Line line(2);
  EXPECT_EQ(line.to->attempt_write(as_bytes("12")), 2U);
  EXPECT_EQ(line.a.attempt_write(as_bytes("34")), 2U);
  Pump pump(*line.from, *line.to, line.changed);
  pump.start();
  EXPECT_EQ(pump.unsent(), 2U);
  reactor.reset();
  EXPECT_EQ(pump.end(), PumpEnd::write_failed);
  EXPECT_EQ(pump.error().code, Errc::reactor_stopped);
}

}  // namespace
}  // namespace fid
