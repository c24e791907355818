// SPDX-License-Identifier: MIT
// Pump between sockets and pipes, copying and inside the kernel.
#include "support/handle_stream.hpp"
#include "support/pattern.hpp"
#include "support/run_test.hpp"
#include "support/turns.hpp"

#include <fid/io/ops.hpp>
#include <fid/io/pump.hpp>
#include <fid/net/socket_options.hpp>
#include <fid/task/task_group.hpp>

#include <gtest/gtest.h>

#include <fcntl.h>

#include <array>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace fid {
namespace {

using test::HandlePair;
using test::HandleStream;
using test::Manners;
using test::read_pattern;
using test::run_test;
using test::write_pattern;

constexpr std::size_t KiB = 1024;
constexpr std::uint64_t MiB = 1024 * KiB;

/// Counts the bytes that were copied through this program.
class Counted final : public Stream {
 public:
  Counted(Handle handle, std::uint64_t& copied) : inner_(std::move(handle)), copied_(&copied) {}
  Result<std::size_t> attempt_read(MutableBytes into) override {
    auto count = inner_.attempt_read(into);
    if (count) *copied_ += *count;
    return count;
  }
  Readiness& read_readiness() override { return inner_.read_readiness(); }
  Result<std::size_t> attempt_write(Bytes from) override { return inner_.attempt_write(from); }
  Result<void> attempt_flush() override { return {}; }
  Result<void> attempt_shutdown() override { return inner_.attempt_shutdown(); }
  Readiness& write_readiness() override { return inner_.write_readiness(); }
  std::optional<Native> read_handle() const noexcept override { return inner_.native(); }
  std::optional<Native> write_handle() const noexcept override { return inner_.native(); }

 private:
  HandleStream inner_;
  std::uint64_t* copied_;
};

StreamPtr stream(Handle handle) {
  return make_stream(HandleStream(std::move(handle)));
}

Task<void> until_ended(Pump& pump, Event& changed) {
  while (pump.running()) {
    co_await changed.wait();
    changed.reset();
  }
}

Task<void> expect_pattern(Stream& from, std::uint64_t total, Manners manners) {
  EXPECT_EQ(co_await read_pattern(from, manners), total);
}

Task<void> write_and_close(StreamPtr& to, std::uint64_t total, Manners manners) {
  co_await write_pattern(*to, total, manners);
  to.reset();
}

/// How a pump and those at its ends are made.
struct Course {
  const char* name;
  HandlePair (*in)();
  HandlePair (*out)();
  bool splice;

  friend std::ostream& operator<<(std::ostream& to, const Course& course) {
    return to << course.name;
  }
};

HandlePair pipe_handles() {
  auto ends = os::pipe().value();
  return {std::move(ends.second), std::move(ends.first)};
}

class PumpCourse : public testing::TestWithParam<Course> {};

/// Sends a pattern of that size through a pump, and checks what arrives.
Task<void> run_course(const Course& course, std::uint64_t total, Manners source, Manners sink) {
  HandlePair in = course.in();
  HandlePair out = course.out();
  StreamPtr a = stream(std::move(in.first));
  const StreamPtr from = stream(std::move(in.second));
  StreamPtr to = stream(std::move(out.first));
  const StreamPtr b = stream(std::move(out.second));
  Event changed;
  PumpOptions options;
  options.splice = course.splice;
  Pump pump(*from, *to, changed, options);
  pump.start();
  TaskGroup group;
  group.add(expect_pattern(*b, total, sink));
  group.add(write_and_close(a, total, source));
  co_await until_ended(pump, changed);
  to.reset();
  co_await group.join();
  EXPECT_EQ(pump.end(), PumpEnd::eof);
  EXPECT_EQ(pump.bytes(), total);
  EXPECT_EQ(pump.unsent(), 0U);
}

TEST_P(PumpCourse, BulkArrivesWhole) {
  run_test([] { return run_course(GetParam(), 8 * MiB + 12345, Manners(), Manners()); });
}

TEST_P(PumpCourse, BulkArrivesWholeAtASlowReader) {
  run_test([] {
    const Manners slow{3, 3000, 8};
    return run_course(GetParam(), 3 * MiB + 1, Manners(), slow);
  });
}

TEST_P(PumpCourse, AnythingArrivesWholeWhateverItsSizesAndPauses) {
  for (std::uint32_t seed = 1; seed <= 12; ++seed) {
    run_test([seed] {
      const std::size_t most = std::size_t{1} << (seed + 3);
      const Manners source{seed, most, seed % 5};
      const Manners sink{seed + 100, (most * 7 + 9) % (100 * KiB) + 1, seed % 7};
      return run_course(GetParam(), most * 60 + seed, source, sink);
    });
  }
}

TEST_P(PumpCourse, NothingArrivesAsNothing) {
  run_test([] { return run_course(GetParam(), 0, Manners(), Manners()); });
}

constexpr Course courses[] = {
    {"SocketCopied", test::socket_handles, test::socket_handles, false},
    {"SocketSpliced", test::socket_handles, test::socket_handles, true},
    {"TcpCopied", test::tcp_handles, test::tcp_handles, false},
    {"TcpSpliced", test::tcp_handles, test::tcp_handles, true},
    {"PipeToTcp", pipe_handles, test::tcp_handles, true},
    {"TcpToPipe", test::tcp_handles, pipe_handles, true},
    {"PipeToPipe", pipe_handles, pipe_handles, true},
};
INSTANTIATE_TEST_SUITE_P(Pump, PumpCourse, testing::ValuesIn(courses),
                         [](const auto& course) { return std::string(course.param.name); });

/// a -- from =pump=> to -- b, over sockets; what is copied is counted.
struct Line {
  explicit Line(HandlePair in = test::socket_handles(), HandlePair out = test::socket_handles())
      : a(stream(std::move(in.first))),
        from(std::make_unique<Counted>(std::move(in.second), copied)),
        to(std::make_unique<Counted>(std::move(out.first), copied)),
        b(stream(std::move(out.second))) {}

  std::uint64_t copied = 0;
  StreamPtr a;
  StreamPtr from;
  StreamPtr to;
  StreamPtr b;
  Event changed;
};

TEST(PumpSplice, BulkIsNotCopied) {
  run_test([]() -> Task<void> {
    Line line;
    Pump pump(*line.from, *line.to, line.changed);
    pump.start();
    TaskGroup group;
    group.add(write_pattern(*line.a, 32 * MiB, Manners()));
    group.add(expect_pattern(*line.b, 32 * MiB, Manners()));
    co_await group.join();
    EXPECT_LT(line.copied, 16 * MiB);
  });
}

TEST(PumpSplice, TheLimitHoldsForBulk) {
  run_test([]() -> Task<void> {
    Line line;
    PumpOptions options;
    options.limit = 8 * MiB + 1;
    Pump pump(*line.from, *line.to, line.changed, options);
    pump.start();
    TaskGroup source;
    source.add(write_pattern(*line.a, 10 * MiB, Manners()));
    TaskGroup sink;
    sink.add(expect_pattern(*line.b, options.limit, Manners()));
    co_await until_ended(pump, line.changed);
    co_await sink.join();
    EXPECT_EQ(pump.end(), PumpEnd::limit);
    EXPECT_EQ(pump.bytes(), options.limit);
    EXPECT_LT(line.copied, 4 * MiB);
    EXPECT_EQ(co_await read_pattern(*line.from, Manners(), options.limit),
              10 * MiB - options.limit);
  });
}

/// Keeps writing until the stream takes no more for now.
std::uint64_t fill(Stream& to, std::uint64_t already) {
  Buffer buffer(64 * KiB);
  for (std::uint64_t sent = already;;) {
    for (std::size_t i = 0; i < buffer.size(); ++i) buffer[i] = test::pattern_at(sent + i);
    const auto count = to.attempt_write(buffer);
    if (!count) return sent;
    sent += *count;
  }
}

/// Fills the whole line until nothing moves. Gives how much was written into it.
Task<std::uint64_t> stuff(Line& line, std::uint64_t already) {
  std::uint64_t written = already;
  for (int still = 0; still < 8; ++still) {
    const std::uint64_t before = written;
    written = fill(*line.a, written);
    if (written != before) still = 0;
    co_await yield_now();
  }
  co_return written;
}

TEST(PumpSplice, WhatIsLeftInThePipeIsUnsent) {
  run_test([]() -> Task<void> {
    Line line;
    Pump pump(*line.from, *line.to, line.changed);
    pump.start();
    // First so much that it moves inside the kernel.
    std::uint64_t written = co_await stuff(line, 0);
    std::uint64_t received = 0;
    Buffer buffer(256 * KiB);
    while (received < 16 * MiB) {
      received += co_await line.b->read(buffer);
      written = fill(*line.a, written);
    }
    written = co_await stuff(line, written);
    EXPECT_LT(line.copied, received);
    EXPECT_GT(pump.unsent(), 0U);
    line.b.reset();
    co_await until_ended(pump, line.changed);
    EXPECT_EQ(pump.end(), PumpEnd::write_failed);
    co_await line.a->shutdown();
    // What the pump took and what it left are all there was.
    const std::uint64_t taken = pump.bytes() + pump.unsent();
    EXPECT_EQ(co_await read_pattern(*line.from, Manners(), taken), written - taken);
  });
}

TEST(PumpSplice, AWriterThatRefusesItGetsCopiesAndEveryByte) {
  run_test([]() -> Task<void> {
    auto out = test::socket_handles();
    // The kernel splices to nothing that appends.
    EXPECT_EQ(::fcntl(out.first.get(), F_SETFL, O_APPEND | O_NONBLOCK), 0);
    Line line(test::socket_handles(), std::move(out));
    Pump pump(*line.from, *line.to, line.changed);
    pump.start();
    TaskGroup group;
    group.add(write_pattern(*line.a, 8 * MiB, Manners()));
    group.add(expect_pattern(*line.b, 8 * MiB, Manners()));
    co_await group.join();
    EXPECT_EQ(pump.end(), PumpEnd::eof);
    EXPECT_GT(line.copied, 7 * MiB);
  });
}

TEST(PumpSplice, MoreSlowReadersThanThereArePipesLoseNothing) {
  run_test([]() -> Task<void> {
    std::vector<std::unique_ptr<Line>> lines;
    std::vector<std::unique_ptr<Pump>> pumps;
    TaskGroup sources;
    for (int i = 0; i < 70; ++i) {
      Line& line = *lines.emplace_back(std::make_unique<Line>());
      EXPECT_TRUE(sockopt::set(*line.to->write_handle(), sockopt::send_buffer_size, 64 * KiB));
      Pump& pump = *pumps.emplace_back(std::make_unique<Pump>(*line.from, *line.to, line.changed));
      pump.start();
      sources.add(write_pattern(*line.a, MiB, Manners()));
    }
    co_await test::turns(100);
    for (const auto& pump : pumps) EXPECT_GT(pump->unsent(), 0U);
    TaskGroup sinks;
    for (const auto& line : lines) sinks.add(expect_pattern(*line->b, MiB, Manners()));
    co_await sources.join();
    co_await sinks.join();
    for (const auto& pump : pumps) EXPECT_EQ(pump->end(), PumpEnd::eof);
  });
}

TEST(PumpSplice, ASocketThatBlocksIsNotSpliced) {
  auto sockets = test::socket_handles();
  auto others = test::socket_handles();
  EXPECT_TRUE(os::can_splice(sockets.first.get(), others.first.get()));
  EXPECT_TRUE(os::set_nonblocking(others.first.get(), false));
  EXPECT_FALSE(os::can_splice(sockets.first.get(), others.first.get()));
}

std::uint32_t send_buffer(const Stream& to) {
  return sockopt::get(*to.write_handle(), sockopt::send_buffer_size).value();
}

TEST(PumpSplice, BulkGetsAUnixSocketALargerSendBuffer) {
  run_test([]() -> Task<void> {
    Line line;
    const std::uint32_t before = send_buffer(*line.to);
    Pump pump(*line.from, *line.to, line.changed);
    pump.start();
    TaskGroup group;
    group.add(write_pattern(*line.a, 4 * MiB, Manners()));
    group.add(expect_pattern(*line.b, 4 * MiB, Manners()));
    co_await group.join();
    EXPECT_GT(send_buffer(*line.to), before);
  });
}

TEST(PumpSplice, SmallAmountsLeaveTheSendBufferAsItIs) {
  run_test([]() -> Task<void> {
    Line line;
    const std::uint32_t before = send_buffer(*line.to);
    Pump pump(*line.from, *line.to, line.changed);
    pump.start();
    Buffer message(8 * KiB);
    for (int i = 0; i < 100; ++i) {
      co_await write_all(*line.a, message);
      co_await read_exact(*line.b, message);
    }
    EXPECT_EQ(send_buffer(*line.to), before);
  });
}

TEST(PumpSplice, TwoPumpsMoveBulkBothWaysAtOnce) {
  run_test([]() -> Task<void> {
    Line line(test::tcp_handles(), test::tcp_handles());
    Pump there(*line.from, *line.to, line.changed);
    Pump back(*line.to, *line.from, line.changed);
    there.start();
    back.start();
    TaskGroup group;
    group.add(write_pattern(*line.a, 16 * MiB, Manners()));
    group.add(write_pattern(*line.b, 9 * MiB, Manners()));
    group.add(expect_pattern(*line.b, 16 * MiB, Manners{7, 20000, 3}));
    group.add(expect_pattern(*line.a, 9 * MiB, Manners{8, 90000, 0}));
    co_await group.join();
    EXPECT_EQ(there.end(), PumpEnd::eof);
    EXPECT_EQ(back.end(), PumpEnd::eof);
  });
}

TEST(PumpSplice, AHalfClosedDirectionLeavesTheOtherWorking) {
  run_test([]() -> Task<void> {
    Line line(test::tcp_handles(), test::tcp_handles());
    Pump there(*line.from, *line.to, line.changed);
    Pump back(*line.to, *line.from, line.changed);
    there.start();
    back.start();
    co_await line.a->shutdown();
    co_await until_ended(there, line.changed);
    std::array<std::byte, 8> buffer;
    EXPECT_EQ(co_await line.b->read(buffer), 0U);
    TaskGroup group;
    group.add(write_pattern(*line.b, 3 * MiB, Manners()));
    group.add(expect_pattern(*line.a, 3 * MiB, Manners()));
    co_await group.join();
    EXPECT_EQ(back.end(), PumpEnd::eof);
  });
}

TEST(PumpSplice, AResetIsTheReadersFailure) {
  run_test([]() -> Task<void> {
    // A Unix socket closed with unread bytes resets its peer.
    Line line;
    Pump pump(*line.from, *line.to, line.changed);
    pump.start();
    EXPECT_EQ(co_await line.from->write(as_bytes("unread")), 6U);
    line.a.reset();
    co_await until_ended(pump, line.changed);
    EXPECT_EQ(pump.end(), PumpEnd::read_failed);
    EXPECT_EQ(pump.error().code, std::errc::connection_reset);
    EXPECT_EQ(co_await line.to->write(as_bytes("open")), 4U);
  });
}

TEST(PumpSplice, AnObserverSeesBulkToo) {
  struct Counter final : PumpObserver {
    void passing(Bytes chunk) override { seen += chunk.size(); }
    std::uint64_t seen = 0;
  } counter;
  run_test([&counter]() -> Task<void> {
    Line line;
    PumpOptions options;
    options.observer = &counter;
    Pump pump(*line.from, *line.to, line.changed, options);
    pump.start();
    TaskGroup group;
    group.add(write_pattern(*line.a, 8 * MiB, Manners()));
    group.add(expect_pattern(*line.b, 8 * MiB, Manners()));
    co_await group.join();
  });
  EXPECT_EQ(counter.seen, 8 * MiB);
}

}  // namespace
}  // namespace fid
