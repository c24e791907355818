// SPDX-License-Identifier: MIT
#include "support/cancelling.hpp"

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

// G11: what is destroyed while it waits has had no effect, or only that which it says.
namespace fid {
namespace {

using test::destroy_at_each_suspension;

struct SocketWorld {
  std::optional<UnixStream> near;
  std::optional<UnixStream> far;
  std::array<std::byte, 64> buffer{};
  Buffer sent;

  Task<void> prepare() {
    auto ends = co_await UnixStream::pair();
    near.emplace(std::move(ends.first));
    far.emplace(std::move(ends.second));
  }
  Task<void> fill() {
    const Buffer block(4096, std::byte{'.'});
    for (;;) {
      const auto count = near->attempt_write(block);
      if (!count) break;
      sent.insert(sent.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(*count));
    }
    co_return;
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

TEST(Cancellation, AReadHasTakenNothing) {
  struct World : SocketWorld {
    Task<void> operation() { co_await near->read(buffer); }
    void go_on() { far_writes("x"); }
    Task<void> check() { return expect_untouched(); }
  };
  destroy_at_each_suspension<World>();
}

TEST(Cancellation, AWaitForReadinessHasTakenNothing) {
  struct World : SocketWorld {
    Task<void> operation() { co_await near->readable(); }
    void go_on() { far_writes("x"); }
    Task<void> check() { return expect_untouched(); }
  };
  destroy_at_each_suspension<World>();
}

TEST(Cancellation, AWriteHasWrittenNothing) {
  struct World : SocketWorld {
    Task<void> prepare() {
      co_await SocketWorld::prepare();
      co_await fill();
    }
    Task<void> operation() { co_await near->write(as_bytes("tail")); }
    void go_on() { far_reads(); }
    Task<void> check() {
      EXPECT_EQ(far_reads(), sent);
      co_return;
    }
  };
  destroy_at_each_suspension<World>();
}

TEST(Cancellation, AGatherWriteHasWrittenNothing) {
  struct World : SocketWorld {
    std::array<Bytes, 2> pieces{as_bytes("ta"), as_bytes("il")};
    Task<void> prepare() {
      co_await SocketWorld::prepare();
      co_await fill();
    }
    Task<void> operation() { co_await near->write_vectored(pieces); }
    void go_on() { far_reads(); }
    Task<void> check() {
      EXPECT_EQ(far_reads(), sent);
      co_return;
    }
  };
  destroy_at_each_suspension<World>();
}

TEST(Cancellation, ReadExactTakesNothingThatComesAfterwards) {
  struct World : SocketWorld {
    Task<void> operation() { co_await read_exact(*near, MutableBytes(buffer).first(6)); }
    void go_on() { far_writes("xy"); }
    Task<void> check() {
      buffer = {};
      return expect_untouched();
    }
  };
  destroy_at_each_suspension<World>(3);
}

TEST(Cancellation, ReadToEndLeavesWhatItReadInTheBuffer) {
  struct World : SocketWorld {
    Buffer got;
    std::string given;
    Task<void> operation() { co_await read_to_end(*near, got); }
    void go_on() {
      if (given.size() == 6) {
        EXPECT_TRUE(far->attempt_shutdown().has_value());
      } else {
        far_writes("xy");
        given += "xy";
      }
    }
    Task<void> check() {
      EXPECT_EQ(as_text(got), given);
      return expect_untouched();
    }
  };
  destroy_at_each_suspension<World>(4);
}

TEST(Cancellation, ACursorTellsHowFarItsWriteGot) {
  struct World : SocketWorld {
    Buffer all = Buffer(1024 * 1024, std::byte{'#'});
    Cursor cursor{all};
    Buffer got;
    Task<void> prepare() { return SocketWorld::prepare(); }
    Task<void> operation() { co_await write_all_buf(*near, cursor); }
    void go_on() {
      const Buffer more = far_reads();
      got.insert(got.end(), more.begin(), more.end());
    }
    Task<void> check() {
      go_on();
      EXPECT_EQ(got.size() + cursor.remaining(), all.size());
      co_return;
    }
  };
  destroy_at_each_suspension<World>(2);
}

/// source -- from => to -- sink, each link of 8 bytes, and 64 bytes to go.
struct CopyWorld {
  DuplexStream source, from, to, sink;
  std::string given;
  std::string got;
  bool ended = false;

  CopyWorld() : CopyWorld(duplex(8), duplex(8)) {}
  Task<void> prepare() { co_return; }

  /// The source gives, and the sink takes, pieces of different sizes.
  void go_on() {
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

TEST(Cancellation, ACopyHasWrittenAPrefix) {
  struct World : CopyWorld {
    Task<void> operation() { co_await copy(from, to); }
    Task<void> check() {
      expect_a_prefix();
      return expect_usable();
    }
  };
  destroy_at_each_suspension<World>(10);
}

TEST(Cancellation, ACopyBothWaysHasWrittenAPrefix) {
  struct World : CopyWorld {
    Task<void> operation() { co_await copy_bidirectional(from, to); }
    void go_on() {
      CopyWorld::go_on();
      if (!ended) return;
      EXPECT_TRUE(sink.attempt_shutdown().has_value());
    }
    Task<void> check() {
      expect_a_prefix();
      co_return;
    }
  };
  destroy_at_each_suspension<World>(10);
}

TEST(Cancellation, APumpHasLostWhatItSaysWasUnsent) {
  struct World : CopyWorld {
    std::size_t unsent = 0;
    Task<void> operation() {
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
    Task<void> check() {
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
  destroy_at_each_suspension<World>(10);
}

}  // namespace
}  // namespace fid
