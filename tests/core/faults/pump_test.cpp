// SPDX-License-Identifier: MIT
// Pump, where a call moves less inside the kernel than it might.
#include "support/faults/injector.hpp"
#include "support/handle_stream.hpp"
#include "support/pattern.hpp"
#include "support/run_test.hpp"
#include "support/turns.hpp"

#include <fid/io/pump.hpp>
#include <fid/reactor/soft_readiness.hpp>

#include <gtest/gtest.h>

#include <fcntl.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace fid {
namespace {

using test::HandleStream;
using test::Injector;
using test::pattern_at;
using test::run_test;
using test::turns;

constexpr std::size_t KiB = 1024;

/// Writes to a socket, which is ready for that when the test says so.
class Gated final : public Stream {
 public:
  explicit Gated(Handle socket) : socket_(std::move(socket)) {}

  Result<std::size_t> attempt_read(MutableBytes /*into*/) override {
    return fail(std::errc::resource_unavailable_try_again, "read");
  }
  Readiness& read_readiness() override { return *ready_; }
  Result<std::size_t> attempt_write(Bytes from) override { return os::send(socket_.get(), from); }
  Result<void> attempt_flush() override { return {}; }
  Result<void> attempt_shutdown() override { return {}; }
  Readiness& write_readiness() override { return *ready_; }
  std::optional<Native> write_handle() const noexcept override { return socket_.get(); }

  void open() { ready_->set(Ready::writable); }
  void close() { ready_->clear(Interest::writable); }

 private:
  Handle socket_;
  SoftReadiness ready_{Readiness::Kind::stream, Ready::writable};
};

/// source => from =pump=> to => sink, where the pump has come to move bulk inside the kernel.
class BulkLine {
 public:
  explicit BulkLine(test::HandlePair in = test::socket_handles(),
                    test::HandlePair out = test::socket_handles())
      : source_(std::move(in.first)),
        sink_(std::move(out.second)),
        from_(make_stream(HandleStream(std::move(in.second)))),
        to_(std::move(out.first)),
        pump_(*from_, to_, changed_) {}

  Task<void> begin() {
    pump_.start();
    for (int i = 0; i < 6; ++i) {
      send(32 * KiB);
      co_await turns(4);
      EXPECT_EQ(receive(), 32 * KiB);
    }
  }

  /// The pump takes bytes that the writer is not ready for.
  Task<void> hold(std::size_t count) {
    to_.close();
    send(count);
    co_await turns(4);
    EXPECT_GT(pump_.unsent(), 16 * KiB);
  }

  /// The kernel splices to nothing that appends.
  void refuse_splices() {
    EXPECT_EQ(::fcntl(*to_.write_handle(), F_SETFL, O_APPEND | O_NONBLOCK), 0);
  }

  /// The writer is ready, for one turn.
  Task<void> let_go() {
    to_.open();
    co_await turns();
  }

  /// What has arrived, which goes on with the pattern.
  std::size_t receive() {
    std::size_t received = 0;
    Buffer buffer(64 * KiB);
    for (;;) {
      const auto count = os::recv(sink_.get(), buffer);
      if (!count) return received;
      for (std::size_t i = 0; i < *count; ++i) {
        if (buffer[i] == pattern_at(received_ + i)) continue;
        ADD_FAILURE() << "wrong byte at " << received_ + i;
        break;
      }
      received_ += *count;
      received += *count;
    }
  }

  const Pump& pump() const noexcept { return pump_; }

 private:
  void send(std::size_t count) {
    Buffer bytes(count);
    for (std::size_t i = 0; i < count; ++i) bytes[i] = pattern_at(sent_ + i);
    EXPECT_EQ(os::send(source_.get(), bytes), count);
    sent_ += count;
  }

  Handle source_;
  Handle sink_;
  StreamPtr from_;
  Gated to_;
  Event changed_;
  Pump pump_;
  std::uint64_t sent_ = 0;
  std::uint64_t received_ = 0;
};

std::size_t count_of(const Injector& injector, const test::Call& call) {
  return static_cast<std::size_t>(std::ranges::count(injector.calls(), call));
}

TEST(PumpFaults, AShortMoveInsideTheKernelDoesNotMeanThatTheWriterIsFull) {
  run_test([]() -> Task<void> {
    BulkLine line;
    co_await line.begin();
    co_await line.hold(100 * KiB);
    Injector injector(test::Habits{.most_bytes = 4 * KiB});
    {
      const Injector::Window window(injector);
      co_await line.let_go();
    }
    EXPECT_EQ(line.pump().unsent(), 0U) << "it waits for what has no reason to come";
    EXPECT_GT(count_of(injector, {"splice", ""}), 3U);
    line.receive();
  });
}

TEST(PumpFaults, WhatIsInThePipeComesBackWholeFromShortReads) {
  run_test([]() -> Task<void> {
    BulkLine line;
    co_await line.begin();
    co_await line.hold(100 * KiB);
    line.refuse_splices();
    Injector injector(test::Habits{.most_bytes = 4 * KiB});
    {
      const Injector::Window window(injector);
      co_await line.let_go();
    }
    EXPECT_GT(count_of(injector, {"read", ""}), 3U);
    std::size_t received = line.receive();
    for (int i = 0; i < 20 && received < 100 * KiB; ++i) {
      co_await line.let_go();
      received += line.receive();
    }
    EXPECT_EQ(received, 100 * KiB);
  });
}

}  // namespace
}  // namespace fid
