// SPDX-License-Identifier: MIT
// What is made of reading and writing: over Unix sockets, which splice(2) takes part in too.
#include "core/faults/far_side.hpp"
#include "core/faults/scenarios.hpp"
#include "support/stream_text.hpp"

#include <fid/io/buf_reader.hpp>
#include <fid/io/copy.hpp>
#include <fid/io/copy_bidirectional.hpp>
#include <fid/io/cursor.hpp>
#include <fid/io/ops.hpp>
#include <fid/io/pump.hpp>
#include <fid/net/async_fd.hpp>
#include <fid/net/unix_stream.hpp>
#include <fid/task/event.hpp>

#include <array>
#include <cerrno>
#include <string>
#include <utility>

namespace fid::test {
namespace {

/// A connection with room for more than pumps read in one turn.
struct Line {
  Line() : Line(untouched([] { return UnixStream::pair().value(); })) {}

  UnixStream near;
  UnixStream far;

 private:
  explicit Line(std::pair<UnixStream, UnixStream> ends)
      : near(std::move(ends.first)), far(std::move(ends.second)) {
    untouched([this] {
      constexpr std::uint32_t room = 1 << 20;
      EXPECT_TRUE(sockopt::set(near.native(), sockopt::send_buffer_size, room));
      EXPECT_TRUE(sockopt::set(far.native(), sockopt::send_buffer_size, room));
    });
  }
};

void says_all(UnixStream& far, std::string_view text) {
  says(far, text);
  EXPECT_TRUE(untouched([&] { return far.attempt_shutdown(); }));
}

const std::string short_text = long_text(300);
/// Enough for a pump to move some of it inside the kernel.
const std::string bulk = long_text(350'000);

struct ReadExact final : Act {
  Task<void> operation() override {
    Line line;
    says(line.far, short_text);
    Buffer exactly(short_text.size());
    co_await read_exact(line.near, exactly);
    EXPECT_EQ(as_text(exactly), short_text);
  }
};

struct ReadBuffered final : Act {
  Task<void> operation() override {
    Line line;
    says(line.far, short_text);
    BufReader<UnixStream&> reader(line.near, 64);
    EXPECT_EQ(co_await read_text(reader, short_text.size()), short_text);
  }
};

struct ReadToEnd final : Act {
  Task<void> operation() override {
    Line line;
    says_all(line.far, short_text);
    Buffer all;
    co_await read_to_end(line.near, all);
    EXPECT_EQ(as_text(all), short_text);
  }
};

struct WriteAllBuf final : Act {
  Task<void> operation() override {
    Line line;
    const std::array<Bytes, 2> pieces{as_bytes("some and "), as_bytes(short_text)};
    Cursor cursor{std::span<const Bytes>(pieces)};
    co_await write_all_buf(line.near, cursor);
    EXPECT_EQ(hears(line.far, 1000), "some and " + short_text);
  }
};

struct Copy final : Act {
  Task<void> operation() override {
    Line in;
    Line out;
    says_all(in.far, short_text);
    EXPECT_EQ(co_await copy(in.near, out.near), short_text.size());
    EXPECT_EQ(hears(out.far, 1000), short_text);
  }
};

struct CopyBuffered final : Act {
  Task<void> operation() override {
    Line in;
    Line out;
    says_all(in.far, short_text);
    BufReader<UnixStream&> reader(in.near, 100);
    EXPECT_EQ(co_await copy_buf(reader, out.near), short_text.size());
    EXPECT_EQ(hears(out.far, 1000), short_text);
  }
};

struct CopyBidirectional final : Act {
  Task<void> operation() override {
    Line a;
    Line b;
    says_all(a.far, "from a");
    says_all(b.far, short_text);
    const CopyCounts counts = co_await copy_bidirectional(a.near, b.near);
    EXPECT_EQ(counts.a_to_b, 6U);
    EXPECT_EQ(hears(b.far, 1000), "from a");
    EXPECT_EQ(hears(a.far, 1000), short_text);
  }
};

Task<void> pump_all(UnixStream& from, UnixStream& to, bool splice) {
  const StreamPtr in = make_stream(std::move(from));
  const StreamPtr out = make_stream(std::move(to));
  PumpOptions options;
  options.splice = splice;
  Event changed;
  Pump pump(*in, *out, changed, options);
  pump.start();
  while (pump.running()) {
    co_await changed.wait();
    changed.reset();
  }
  if (pump.end() != PumpEnd::eof) co_await fail(pump.error());
}

struct PumpByCopying final : Act {
  Task<void> operation() override {
    Line in;
    Line out;
    says_all(in.far, short_text);
    co_await pump_all(in.near, out.near, false);
    EXPECT_EQ(hears(out.far, 1000), short_text);
  }
};

struct PumpInTheKernel final : Act {
  Task<void> operation() override {
    Line in;
    Line out;
    says_all(in.far, bulk);
    co_await pump_all(in.near, out.near, true);
    EXPECT_EQ(hears(out.far, 1'000'000), bulk);
  }
};

struct WidenSendBuffer final : Act {
  Task<void> operation() override {
    Line chosen;
    os::widen_send_buffer(chosen.near.native(), 1 << 16);
    auto fresh = untouched([] { return UnixStream::pair().value(); });
    os::widen_send_buffer(fresh.first.native(), 1 << 20);
    co_return;
  }
};

/// A handle of the caller's own, with a call of the caller's own.
struct WatchAnything final : Act {
  Task<void> prepare() override {
    auto ends = co_await os::pipe();
    reader_ = std::move(ends.first);
    writer_ = std::move(ends.second);
  }
  Task<void> operation() override {
    EXPECT_TRUE(untouched([this] { return os::write(writer_.get(), as_bytes("x")); }));
    const auto watched = co_await AsyncFd<Native>::create(reader_.get());
    std::array<std::byte, 1> byte{};
    const auto read = [&byte](Native handle) { return os::read(handle, byte); };
    EXPECT_EQ(co_await watched.async_io(Interest::readable, read), 1U);
  }

 private:
  Handle reader_;
  Handle writer_;
};

}  // namespace

std::vector<Scenario> io_scenarios() {
  constexpr std::string_view it_copies = "the bytes are copied";
  return {
      scenario<ReadExact>("ReadExact").moves_bytes(),
      scenario<ReadBuffered>("ReadBuffered").moves_bytes(),
      scenario<ReadToEnd>("ReadToEnd").moves_bytes(),
      scenario<WriteAllBuf>("WriteAllBuf").moves_bytes(),
      scenario<Copy>("Copy").moves_bytes(),
      scenario<CopyBuffered>("CopyBuffered").moves_bytes(),
      scenario<CopyBidirectional>("CopyBidirectional").moves_bytes(),
      scenario<PumpByCopying>("PumpByCopying").moves_bytes(),
      scenario<PumpInTheKernel>("PumpInTheKernel")
          .ignores({"fstat", ""}, it_copies)
          .ignores({"getsockopt", "SO_TYPE"}, it_copies)
          .ignores({"pipe2", ""}, it_copies)
          .ignores({"splice", ""}, it_copies, {{EINVAL}})
          .ignores({"fcntl", "F_SETPIPE_SZ"}, "a pipe of the usual size does as well"),
      scenario<PumpInTheKernel>("PumpWithoutPipes")
          .without({"pipe2", ""}, EMFILE)
          .ignores({"fstat", ""}, it_copies)
          .ignores({"getsockopt", "SO_TYPE"}, it_copies),
      scenario<PumpInTheKernel>("PumpWithoutSplice")
          .without({"splice", ""}, EINVAL)
          .ignores({"fstat", ""}, it_copies)
          .ignores({"getsockopt", "SO_TYPE"}, it_copies)
          .ignores({"pipe2", ""}, it_copies)
          .ignores({"fcntl", "F_SETPIPE_SZ"}, it_copies),
      scenario<WidenSendBuffer>("WidenSendBuffer")
          .ignores({"setsockopt", ""}, "the buffer stays as it is"),
      scenario<WatchAnything>("WatchAnything").moves_bytes(),
  };
}

}  // namespace fid::test
