// SPDX-License-Identifier: MIT
#include "support/code_of.hpp"
#include "support/run_test.hpp"
#include "support/temp_dir.hpp"

#include <fid/base/os.hpp>
#include <fid/net/pipe.hpp>
#include <fid/reactor/sleep.hpp>
#include <fid/task/race.hpp>

#include <gtest/gtest.h>

#include <fcntl.h>

#include <array>
#include <fstream>
#include <string>
#include <utility>

namespace fid {
namespace {

using namespace std::chrono_literals;
using test::code_of;
using test::run_test;
using test::TempDir;

Task<std::string> read_some(pipe::Receiver& from) {
  std::array<std::byte, 64> bytes;
  const std::size_t n = co_await from.read(bytes);
  co_return std::string(as_text(Bytes(bytes).first(n)));
}

/// A FIFO in a folder of its own.
class Fifo {
 public:
  Fifo() { EXPECT_TRUE(os::make_fifo(path, 0600).has_value()); }

 private:
  TempDir dir_;

 public:
  const std::string path = dir_ / "fifo";
};

TEST(Pipe, CarriesBytesUntilTheSenderCloses) {
  run_test([]() -> Task<void> {
    auto [sender, receiver] = co_await pipe::pipe();
    for (const Native handle : {sender.native(), receiver.native()}) {
      EXPECT_NE(::fcntl(handle, F_GETFL) & O_NONBLOCK, 0);
      EXPECT_NE(::fcntl(handle, F_GETFD) & FD_CLOEXEC, 0);
    }
    EXPECT_EQ(co_await sender.write(as_bytes("hello")), 5U);
    co_await sender.shutdown();  // nothing happens on a pipe
    EXPECT_EQ(co_await sender.write(as_bytes(" again")), 6U);
    EXPECT_EQ(co_await read_some(receiver), "hello again");
    co_await sender.write(as_bytes("last"));
    { const pipe::Sender closed = std::move(sender); }
    // The end is reported together with the data: a short read must not lose it.
    co_await receiver.readable();
    EXPECT_EQ(co_await read_some(receiver), "last");
    EXPECT_EQ(co_await read_some(receiver), "");
  });
}

TEST(Pipe, ASenderWithoutAReaderFailsAndRaisesNoSignal) {
  run_test([]() -> Task<void> {
    auto [sender, receiver] = co_await pipe::pipe();
    { const pipe::Receiver closed = std::move(receiver); }
    while (!sender.write_readiness().ready().is_write_closed()) {
      co_await sender.ready(Interest::writable);
      co_await yield_now();
    }
    const std::array<Bytes, 1> pieces{as_bytes("x")};
    EXPECT_EQ(code_of(co_await as_result(sender.write(as_bytes("x")))), std::errc::broken_pipe);
    EXPECT_EQ(code_of(co_await as_result(sender.write_vectored(pieces))), std::errc::broken_pipe);
    EXPECT_EQ(code_of(sender.try_write(as_bytes("x"))), std::errc::broken_pipe);
  });
}

TEST(Pipe, AShortReadOfAPacketDoesNotHideTheNext) {
  run_test([]() -> Task<void> {
    auto [sender, receiver] = co_await pipe::pipe();
    // Of the writing end alone: the reader cannot know.
    EXPECT_EQ(::fcntl(sender.native(), F_SETFL, O_NONBLOCK | O_DIRECT), 0);
    co_await sender.write(as_bytes("one"));
    co_await sender.write(as_bytes("two"));
    co_await receiver.readable();
    EXPECT_EQ(co_await read_some(receiver), "one");
    Buffer second;
    EXPECT_EQ(receiver.try_read_buf(second).value_or(0), 3U);
    EXPECT_EQ(as_text(second), "two");
  });
}

TEST(Pipe, AFullPipeMakesTheSenderWait) {
  run_test([]() -> Task<void> {
    auto [sender, receiver] = co_await pipe::pipe();
    const Buffer page(4096);
    co_await sender.writable();
    while (sender.try_write(page)) continue;
    EXPECT_FALSE(sender.write_readiness().has(Interest::writable));
    auto late = [](pipe::Sender& to, Bytes from) -> Task<void> { co_await to.write(from); };
    auto drain = [](pipe::Receiver& from) -> Task<void> {
      Buffer all(1 << 20);
      co_await from.read(all);
    };
    co_await all(late(sender, page), drain(receiver));
  });
}

TEST(Pipe, ScattersAndGathers) {
  run_test([]() -> Task<void> {
    auto [sender, receiver] = co_await pipe::pipe();
    const std::array<Bytes, 2> pieces{as_bytes("abc"), as_bytes("def")};
    co_await sender.writable();
    EXPECT_EQ(sender.try_write_vectored(pieces).value(), 6U);
    std::array<std::byte, 4> first{};
    std::array<std::byte, 4> second{};
    const std::array<MutableBytes, 2> room{first, second};
    EXPECT_TRUE(receiver.try_read_vectored(room).error().would_block());
    co_await receiver.readable();
    EXPECT_EQ(receiver.try_read_vectored(room).value(), 6U);
    EXPECT_EQ(as_text(first), "abcd");
    EXPECT_EQ(as_text(Bytes(second).first(2)), "ef");
    co_await sender.write(as_bytes("more"));
    Buffer buffer;
    EXPECT_EQ(receiver.try_read_buf(buffer).value(), 4U);
    EXPECT_EQ(as_text(buffer), "more");
  });
}

TEST(Pipe, TryIoCallsOnceAndOnlyWhenReady) {
  run_test([]() -> Task<void> {
    auto [sender, receiver] = co_await pipe::pipe();
    int calls = 0;
    const auto one = [&]() -> Result<int> { return ++calls; };
    EXPECT_TRUE(receiver.try_io(one).error().would_block());
    EXPECT_EQ(calls, 0);
    co_await sender.writable();
    EXPECT_EQ(sender.try_io(one).value(), 1);
    const auto blocked = []() -> Result<int> {
      return fail(std::errc::resource_unavailable_try_again, "write");
    };
    EXPECT_TRUE(sender.try_io(blocked).error().would_block());
    EXPECT_TRUE(sender.try_io(one).error().would_block());
    EXPECT_EQ(calls, 1);
  });
}

TEST(Pipe, AReceiverWaitsForTheFirstWriter) {
  run_test([]() -> Task<void> {
    const Fifo fifo;
    pipe::Receiver receiver = co_await pipe::OpenOptions().open_receiver(fifo.path);
    const auto early = co_await race(read_some(receiver), sleep(20ms));
    EXPECT_EQ(early.index(), 1U);
    pipe::Sender sender = co_await pipe::OpenOptions().open_sender(fifo.path);
    co_await sender.write(as_bytes("first"));
    EXPECT_EQ(co_await read_some(receiver), "first");
  });
}

TEST(Pipe, ASecondWriterIsReadAfterTheFirstHasLeft) {
  run_test([]() -> Task<void> {
    const Fifo fifo;
    pipe::Receiver receiver = co_await pipe::OpenOptions().open_receiver(fifo.path);
    for (const char* text : {"first", "second"}) {
      pipe::Sender sender = co_await pipe::OpenOptions().open_sender(fifo.path);
      co_await sender.write(as_bytes(text));
      EXPECT_EQ(co_await read_some(receiver), text);
      { const pipe::Sender closed = std::move(sender); }
      EXPECT_EQ(co_await read_some(receiver), "");
    }
    // With a writer there again a read waits: the end that was seen before is over.
    pipe::Sender third = co_await pipe::OpenOptions().open_sender(fifo.path);
    const auto idle = co_await race(read_some(receiver), sleep(20ms));
    EXPECT_EQ(idle.index(), 1U);
    EXPECT_FALSE(receiver.read_readiness().ready().is_read_closed());
  });
}

TEST(Pipe, ANewReaderMakesASenderWritableAgain) {
  run_test([]() -> Task<void> {
    const Fifo fifo;
    auto first = co_await pipe::OpenOptions().open_receiver(fifo.path);
    pipe::Sender sender = co_await pipe::OpenOptions().open_sender(fifo.path);
    { const pipe::Receiver closed = std::move(first); }
    EXPECT_EQ(code_of(co_await as_result(sender.write(as_bytes("x")))), std::errc::broken_pipe);
    while (!sender.write_readiness().ready().is_write_closed()) co_await yield_now();
    pipe::Receiver second = co_await pipe::OpenOptions().open_receiver(fifo.path);
    const Buffer page(4096);
    while (sender.try_write(page)) continue;
    EXPECT_FALSE(sender.write_readiness().has(Interest::writable));  // or waiting would spin
  });
}

TEST(Pipe, OpenForBothDirectionsNeverEnds) {
  run_test([]() -> Task<void> {
    const Fifo fifo;
    auto options = pipe::OpenOptions().read_write(true);
    pipe::Sender lonely = co_await options.open_sender(fifo.path);
    co_await lonely.write(as_bytes("early"));
    pipe::Receiver receiver = co_await options.open_receiver(fifo.path);
    EXPECT_EQ(co_await read_some(receiver), "early");
    { const pipe::Sender closed = std::move(lonely); }
    const auto ended = co_await race(read_some(receiver), sleep(20ms));
    EXPECT_EQ(ended.index(), 1U);
    EXPECT_EQ(options.to_string(), "pipe::OpenOptions(read_write=true, unchecked=false)");
  });
}

TEST(Pipe, ASenderNeedsAReader) {
  run_test([]() -> Task<void> {
    const Fifo fifo;
    EXPECT_EQ(code_of(pipe::OpenOptions().open_sender(fifo.path)),
              std::errc::no_such_device_or_address);
    co_return;
  });
}

TEST(Pipe, OpensFifosOnlyAndChangesNothingElse) {
  run_test([]() -> Task<void> {
    const TempDir dir;
    const std::string path = dir / "file";
    std::ofstream(path) << "kept";
    const pipe::OpenOptions options;
    EXPECT_EQ(code_of(options.open_sender(path)), std::errc::invalid_argument);
    EXPECT_EQ(code_of(options.open_receiver(path)), std::errc::invalid_argument);
    EXPECT_EQ(code_of(options.open_receiver(dir / "none")), std::errc::no_such_file_or_directory);
    EXPECT_EQ(code_of(options.open_sender(dir / "none")), std::errc::no_such_file_or_directory);
    const auto unchecked = pipe::OpenOptions().unchecked(true).open_receiver(path);
    EXPECT_EQ(code_of(unchecked), std::errc::operation_not_permitted);
    std::string content;
    std::ifstream(path) >> content;
    EXPECT_EQ(content, "kept");
    co_return;
  });
}

TEST(Pipe, AdoptsItsOwnEndOnlyAndMakesItNonBlocking) {
  run_test([]() -> Task<void> {
    auto [reader, writer] = co_await os::pipe();
    co_await os::set_nonblocking(writer.get(), false);
    EXPECT_EQ(code_of(pipe::Sender::from_native(co_await os::duplicate(reader.get()))),
              std::errc::invalid_argument);
    EXPECT_EQ(code_of(pipe::Receiver::from_native(co_await os::duplicate(writer.get()))),
              std::errc::invalid_argument);
    auto ends = co_await os::socket_pair(os::SocketType::stream);
    EXPECT_EQ(code_of(pipe::Sender::from_native(std::move(ends.first))),
              std::errc::invalid_argument);
    pipe::Sender sender = co_await pipe::Sender::from_native(std::move(writer));
    EXPECT_TRUE(os::is_nonblocking(sender.native()).value());
    pipe::Receiver receiver = co_await pipe::Receiver::from_native(std::move(reader));
    co_await sender.write(as_bytes("x"));
    EXPECT_EQ(co_await read_some(receiver), "x");
    EXPECT_EQ(sender.to_string(), "pipe::Sender(handle=" + std::to_string(sender.native()) + ")");
    EXPECT_EQ(receiver.to_string(),
              "pipe::Receiver(handle=" + std::to_string(receiver.native()) + ")");
  });
}

TEST(Pipe, IsGivenUpBlockingOrNot) {
  run_test([]() -> Task<void> {
    auto first = co_await pipe::pipe();
    EXPECT_FALSE(os::is_nonblocking(std::move(first.first).into_blocking_fd()->get()).value());
    EXPECT_FALSE(os::is_nonblocking(std::move(first.second).into_blocking_fd()->get()).value());
    auto second = co_await pipe::pipe();
    EXPECT_TRUE(os::is_nonblocking(std::move(second.first).into_nonblocking_fd()->get()).value());
    EXPECT_TRUE(os::is_nonblocking(std::move(second.second).into_nonblocking_fd()->get()).value());
  });
}

TEST(Pipe, AdoptsUncheckedWhatItIsGiven) {
  run_test([]() -> Task<void> {
    auto [reader, writer] = co_await os::pipe();
    auto receiver = co_await pipe::Receiver::from_native_unchecked(std::move(reader));
    auto sender = co_await pipe::Sender::from_native_unchecked(std::move(writer));
    std::array<std::byte, 4> bytes;
    EXPECT_TRUE(receiver.try_read(bytes).error().would_block());
    co_await sender.write(as_bytes("abcdef"));
    co_await receiver.readable();
    EXPECT_EQ(receiver.try_read(bytes).value(), 4U);
    EXPECT_EQ(receiver.try_read(bytes).value(), 2U);
    EXPECT_TRUE(receiver.try_read(bytes).error().would_block());
    auto [near, far] = co_await os::socket_pair(os::SocketType::stream);
    EXPECT_TRUE(pipe::Sender::from_native_unchecked(std::move(near)).has_value());
    EXPECT_EQ(code_of(pipe::Sender::from_native(std::move(far))), std::errc::invalid_argument);
  });
}

TEST(PipeDeathTest, WithoutAReactorTheCallerIsNamed) {
  EXPECT_DEATH(static_cast<void>(pipe::pipe()), "pipe_test.cpp");
  auto ends = os::pipe().value();
  EXPECT_DEATH(static_cast<void>(pipe::Sender::from_native(std::move(ends.second))),
               "pipe_test.cpp");
  EXPECT_DEATH(static_cast<void>(pipe::Receiver::from_native(std::move(ends.first))),
               "pipe_test.cpp");
}

}  // namespace
}  // namespace fid
