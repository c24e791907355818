// SPDX-License-Identifier: MIT
#include <fid/reactor/readiness.hpp>
#include <fid/task/run_queue.hpp>

#include <gtest/gtest.h>

namespace fid {
namespace {

using Kind = Readiness::Kind;

TEST(Readiness, AShortReadLeavesTheEndThatWasReportedWithIt) {
  Readiness readiness;
  readiness.set(Ready::readable | Ready::read_closed);
  readiness.clear_short(Interest::readable);
  EXPECT_EQ(readiness.ready(), Ready::read_closed);
}

TEST(Readiness, AShortWriteFillsAFifoButAShortReadProvesNothing) {
  Readiness readiness(Kind::fifo);
  readiness.set(Ready::readable | Ready::writable | Ready::write_closed);
  readiness.clear_short(Interest::readable);
  EXPECT_TRUE(readiness.has(Interest::readable));
  readiness.clear_short(Interest::writable);
  EXPECT_EQ(readiness.ready(), Ready::readable | Ready::write_closed);
}

TEST(Readiness, AShortReadProvesNothingWhileUrgentDataIsQueued) {
  Readiness readiness;
  readiness.set(Ready::readable | Ready::priority);
  readiness.clear_short(Interest::readable);
  EXPECT_TRUE(readiness.has(Interest::readable));
}

TEST(Readiness, AShortReadProvesNothingWhereCallsMovePieces) {
  Readiness readiness(Kind::pieces);
  readiness.set(Ready::readable);
  readiness.clear_short(Interest::readable);
  EXPECT_TRUE(readiness.has(Interest::readable));
}

TEST(Readiness, WouldBlockEndsTheClosedStatesOfAFifoOnly) {
  constexpr Ready closed = Ready::read_closed | Ready::write_closed;
  Readiness stream;
  stream.set(Ready::readable | Ready::writable | closed);
  stream.clear(Interest::readable);
  stream.clear(Interest::writable);
  EXPECT_EQ(stream.ready(), closed);
  Readiness fifo(Kind::fifo);
  fifo.set(Ready::readable | Ready::writable | closed);
  fifo.clear(Interest::readable);
  EXPECT_EQ(fifo.ready(), Ready::writable | Ready::write_closed);
  fifo.clear(Interest::writable);
  EXPECT_EQ(fifo.ready(), Ready::empty);
}

TEST(Readiness, AnErrorOfADatagramSocketWakesReceiversAndClosesNothing) {
  Readiness readiness(Kind::datagram);
  readiness.set(Ready::error | Ready::write_closed);
  EXPECT_TRUE(readiness.has(Interest::readable));
  EXPECT_FALSE(readiness.ready().is_write_closed());
}

TEST(Readiness, AnErrorOfADatagramSocketIsOverWhenReceivingBlocks) {
  Readiness readiness(Kind::datagram);
  readiness.set(Ready::error | Ready::writable);
  readiness.clear(Interest::readable);
  EXPECT_EQ(readiness.ready(), Ready::writable);
}

TEST(Readiness, AShortReadOfADatagramProvesNothing) {
  Readiness readiness(Kind::datagram);
  readiness.set(Ready::readable | Ready::writable);
  readiness.clear_short(Interest::readable);
  readiness.clear_short(Interest::writable);
  EXPECT_EQ(readiness.ready(), Ready::readable | Ready::writable);
}

class Idle final : public Waiter {
 public:
  using Waiter::Waiter;
  void run() override {}
};

TEST(Readiness, AnEventLeavesTheWaitersOfTheOtherDirectionAlone) {
  RunQueue queue;
  Readiness readiness;
  Idle reader(Interest::readable);
  Idle writer(Interest::writable);
  readiness.wait(reader);
  readiness.wait(writer);
  readiness.set(Ready::writable);
  EXPECT_EQ(&queue.pop_front(), &writer);
  EXPECT_TRUE(queue.empty());
}

}  // namespace
}  // namespace fid
