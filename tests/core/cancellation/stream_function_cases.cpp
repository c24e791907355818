// SPDX-License-Identifier: MIT
// Operations of several attempts, and functions, on streams. What they had done by then is not
// undone, but told.
#include "core/cancellation/cases.hpp"

#include <fid/io/buf_reader.hpp>
#include <fid/io/copy.hpp>
#include <fid/io/copy_bidirectional.hpp>
#include <fid/io/duplex.hpp>
#include <fid/io/ops.hpp>
#include <fid/io/pump.hpp>
#include <fid/net/unix_stream.hpp>

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>
#include <utility>

namespace fid::test {
namespace {

struct SocketWorld : Cancellable {
  std::optional<UnixStream> near;
  std::optional<UnixStream> far;
  std::array<std::byte, 64> buffer{};

  Task<void> prepare() override {
    auto ends = co_await UnixStream::pair();
    near.emplace(std::move(ends.first));
    far.emplace(std::move(ends.second));
  }
  void far_writes(std::string_view text) {
    EXPECT_EQ(far->attempt_write(as_bytes(text)).value(), text.size());
  }
  Buffer far_reads() {
    Buffer got;
    std::array<std::byte, 4096> room;
    while (const auto count = far->attempt_read(room)) {
      if (*count == 0) break;
      got.insert(got.end(), room.begin(), room.begin() + static_cast<std::ptrdiff_t>(*count));
    }
    return got;
  }
  /// Nothing was put into the buffer, and all that is written now is read.
  Task<void> expect_untouched() {
    EXPECT_EQ(buffer, (std::array<std::byte, 64>{}));
    far_writes("abc");
    const std::size_t count = co_await near->read(buffer);
    EXPECT_EQ(as_text(Bytes(buffer).first(count)), "abc");
  }
};

struct ReadExact final : SocketWorld {
  Task<void> operation() override { co_await read_exact(*near, MutableBytes(buffer).first(6)); }
  void go_on() override { far_writes("xy"); }
  Task<void> check() override {
    buffer = {};
    return expect_untouched();
  }
};

struct ReadToEnd final : SocketWorld {
  Buffer got;
  std::string given;
  Task<void> operation() override { co_await read_to_end(*near, got); }
  void go_on() override {
    if (given.size() == 6) {
      EXPECT_TRUE(far->attempt_shutdown().has_value());
    } else {
      far_writes("xy");
      given += "xy";
    }
  }
  Task<void> check() override {
    EXPECT_EQ(as_text(got), given);
    return expect_untouched();
  }
};

struct WriteAllOfACursor final : SocketWorld {
  Buffer all = Buffer(1024 * 1024, std::byte{'#'});
  Cursor cursor{all};
  Buffer got;
  Task<void> operation() override { co_await write_all_buf(*near, cursor); }
  void go_on() override {
    const Buffer more = far_reads();
    got.insert(got.end(), more.begin(), more.end());
  }
  Task<void> check() override {
    go_on();
    EXPECT_EQ(got.size() + cursor.remaining(), all.size());
    co_return;
  }
};

/// Each time into what room is left: the size of a buffer grows by what was read, and no more.
struct ReadIntoSpareRoom final : SocketWorld {
  Buffer got;
  Task<void> prepare() override {
    co_await SocketWorld::prepare();
    got.reserve(64);
  }
  Task<void> operation() override { co_await read_buf(*near, got); }
  void go_on() override { far_writes("x"); }
  Task<void> check() override {
    EXPECT_TRUE(got.empty());
    return expect_untouched();
  }
};

struct WriteAll final : SocketWorld {
  Buffer all = Buffer(1024 * 1024, std::byte{'#'});
  Buffer got;
  Task<void> operation() override { co_await write_all(*near, all); }
  void go_on() override {
    const Buffer more = far_reads();
    got.insert(got.end(), more.begin(), more.end());
  }
  /// An unknown prefix has gone, and nothing comes after it.
  Task<void> check() override {
    EXPECT_TRUE(near->attempt_shutdown().has_value());
    co_await read_to_end(*far, got);
    EXPECT_GT(got.size(), 0U);
    EXPECT_LT(got.size(), all.size());
  }
};

struct FillBuf final : SocketWorld {
  std::optional<BufReader<UnixStream&>> reader;
  Task<void> prepare() override {
    co_await SocketWorld::prepare();
    reader.emplace(*near);
  }
  Task<void> operation() override { co_await fill_buf(*reader); }
  void go_on() override { far_writes("x"); }
  Task<void> check() override {
    EXPECT_TRUE(reader->buffer().empty());
    far_writes("abc");
    EXPECT_EQ(as_text(co_await fill_buf(*reader)), "abc");
  }
};

/// source -- from => to -- sink, each link of 8 bytes, and 64 bytes to go.
struct CopyWorld : Cancellable {
  DuplexStream source, from, to, sink;
  std::string given;
  std::string got;
  bool ended = false;

  CopyWorld() : CopyWorld(duplex(8), duplex(8)) {}
  /// The source gives, and the sink takes, pieces of different sizes.
  void go_on() override {
    if (given.size() < 64) {
      const auto text = std::string("0123456789abcdef").substr(given.size() % 11, 5);
      given.append(text, 0, source.attempt_write(as_bytes(text)).value_or(0));
    } else if (!std::exchange(ended, true)) {
      EXPECT_TRUE(source.attempt_shutdown().has_value());
    }
    sink_reads(3);
  }
  void sink_reads(std::size_t most) {
    std::array<std::byte, 64> room;
    const auto count = sink.attempt_read(MutableBytes(room).first(most));
    got += as_text(Bytes(room).first(count.value_or(0)));
  }
  void expect_a_prefix() {
    for (int i = 0; i < 4; ++i) sink_reads(64);
    EXPECT_EQ(got, given.substr(0, got.size()));
  }
  /// Both streams still work.
  Task<void> expect_usable() {
    std::array<std::byte, 8> room;
    while (from.attempt_read(room).value_or(0) > 0) {
    }
    if (!ended) {
      co_await write_all(source, as_bytes("on"));
      EXPECT_EQ(co_await from.read(room), 2U);
    }
    co_await write_all(to, as_bytes("on"));
    EXPECT_EQ(co_await sink.read(room), 2U);
  }

 private:
  using Pair = std::pair<DuplexStream, DuplexStream>;
  CopyWorld(Pair in, Pair out)
      : source(std::move(in.first)),
        from(std::move(in.second)),
        to(std::move(out.first)),
        sink(std::move(out.second)) {}
};

struct CopyOneWay final : CopyWorld {
  Task<void> operation() override { co_await copy(from, to); }
  Task<void> check() override {
    expect_a_prefix();
    return expect_usable();
  }
};

/// What was read and not written is in the reader's buffer still.
struct CopyFromABuffer final : CopyWorld {
  std::optional<BufReader<DuplexStream&>> reader;
  Task<void> prepare() override {
    reader.emplace(from, 16U);
    co_return;
  }
  Task<void> operation() override { co_await copy_buf(*reader, to); }
  Task<void> check() override {
    expect_a_prefix();
    std::array<std::byte, 8> room;
    const std::size_t unread = from.attempt_read(room).value_or(0);
    EXPECT_EQ(got.size() + reader->buffer().size() + unread, given.size());
    co_return;
  }
};

struct CopyBothWays final : CopyWorld {
  Task<void> operation() override { co_await copy_bidirectional(from, to); }
  void go_on() override {
    CopyWorld::go_on();
    if (!ended) return;
    EXPECT_TRUE(sink.attempt_shutdown().has_value());
  }
  Task<void> check() override {
    expect_a_prefix();
    co_return;
  }
};

struct Pumping final : CopyWorld {
  std::size_t unsent = 0;
  Task<void> operation() override {
    StreamRef reader(from), writer(to);
    Event changed;
    Pump pump(reader, writer, changed);
    const OnExit note(unsent, pump);
    pump.start();
    while (pump.running()) {
      co_await changed.wait();
      changed.reset();
    }
  }
  Task<void> check() override {
    expect_a_prefix();
    std::array<std::byte, 8> room;
    const std::size_t unread = from.attempt_read(room).value_or(0);
    EXPECT_EQ(got.size() + unsent + unread, given.size());
    co_return;
  }

  /// A stream by reference, as pumps take them.
  class StreamRef final : public Stream {
   public:
    explicit StreamRef(DuplexStream& stream) noexcept : stream_(&stream) {}
    Result<std::size_t> attempt_read(MutableBytes into) override {
      return stream_->attempt_read(into);
    }
    Readiness& read_readiness() override { return stream_->read_readiness(); }
    Result<std::size_t> attempt_write(Bytes bytes) override {
      return stream_->attempt_write(bytes);
    }
    Result<void> attempt_flush() override { return {}; }
    Result<void> attempt_shutdown() override { return stream_->attempt_shutdown(); }
    Readiness& write_readiness() override { return stream_->write_readiness(); }

   private:
    DuplexStream* stream_;
  };
  class OnExit {
   public:
    OnExit(std::size_t& to, const Pump& pump) noexcept : to_(&to), pump_(&pump) {}
    ~OnExit() { *to_ = pump_->unsent(); }

   private:
    std::size_t* to_;
    const Pump* pump_;
  };
};

}  // namespace

void add_stream_function_cases(CancellationCases& cases) {
  add<ReadExact>(cases, "ReadExactOp", "", 3);
  add<ReadToEnd>(cases, "ReadToEndOp", "", 4);
  add<ReadIntoSpareRoom>(cases, "ReadBufOp");
  add<WriteAll>(cases, "WriteAllOp", "", 2);
  add<WriteAllOfACursor>(cases, "WriteCursorOp", "", 2);
  add<FillBuf>(cases, "FillBufOp");
  add<CopyOneWay>(cases, "CopyOp", "", 10);
  add<CopyFromABuffer>(cases, "copy_buf", "", 10);
  add<CopyBothWays>(cases, "CopyBidirectionalOp", "", 10);
  add<Pumping>(cases, "Pump", "", 10);
}

}  // namespace fid::test
