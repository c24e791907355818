// SPDX-License-Identifier: MIT
// Single reads and writes, on every kind of stream.
#include "core/cancellation/cases.hpp"
#include "support/holding.hpp"
#include "support/stream_text.hpp"
#include "support/tcp_stream_pair.hpp"
#include "support/turns.hpp"
#include "support/vsock.hpp"

#include <fid/io/adaptors.hpp>
#include <fid/io/buf_reader.hpp>
#include <fid/io/duplex.hpp>
#include <fid/io/join.hpp>
#include <fid/io/ops.hpp>
#include <fid/io/sides.hpp>
#include <fid/io/split.hpp>
#include <fid/io/stream.hpp>
#include <fid/net/async_fd.hpp>
#include <fid/net/pipe.hpp>
#include <fid/net/unix_stream.hpp>
#include <fid/net/vsock_listener.hpp>
#include <fid/sys/std_stream.hpp>

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace fid::test {
namespace {

// --- two ends of every kind of stream -------------------------------------------------------

/// `Near` is what is tried; the other end only serves.
template <class N, class F>
struct Ends {
  using Near = N;
  Ends(N near_end, F far_end) : near(std::move(near_end)), far(std::move(far_end)) {}
  N near;
  F far;
  std::vector<Handle> inherited;  // what the near end was made from, and does not own
};

struct OnTcp {
  using Both = Ends<TcpStream, TcpStream>;
  static Task<Both> ends() {
    TcpPair pair = co_await tcp_stream_pair();
    co_return Both(std::move(pair.near), std::move(pair.far));
  }
};

struct OnUnix {
  using Both = Ends<UnixStream, UnixStream>;
  static Task<Both> ends() {
    auto pair = co_await UnixStream::pair();
    co_return Both(std::move(pair.first), std::move(pair.second));
  }
};

struct OnVsock {
  using Both = Ends<VsockStream, VsockStream>;
  static Task<Both> ends() {
    const auto listener = co_await VsockListener::bind({VsockAddr::local, VsockAddr::any_port});
    const VsockAddr where = co_await listener.local_addr();
    auto both = co_await all(VsockStream::connect(where), listener.accept());
    co_return Both(std::move(std::get<0>(both)), std::move(std::get<1>(both).first));
  }
};

struct OnDuplex {
  using Both = Ends<DuplexStream, DuplexStream>;
  static Task<Both> ends() {
    auto pair = duplex(64);
    co_return Both(std::move(pair.first), std::move(pair.second));
  }
};

using PipeEnd = Join<pipe::Receiver, pipe::Sender>;

struct OnPipes {
  using Both = Ends<PipeEnd, PipeEnd>;
  static Task<Both> ends() {
    auto in = co_await pipe::pipe();
    auto out = co_await pipe::pipe();
    co_return Both(join(std::move(in.second), std::move(out.first)),
                   join(std::move(out.second), std::move(in.first)));
  }
};

struct OnOwnedHalves {
  using Near = Join<TcpStream::OwnedReadHalf, TcpStream::OwnedWriteHalf>;
  using Both = Ends<Near, TcpStream>;
  static Task<Both> ends() {
    TcpPair pair = co_await tcp_stream_pair();
    auto halves = std::move(pair.near).into_split();
    co_return Both(join(std::move(halves.first), std::move(halves.second)), std::move(pair.far));
  }
};

struct OnSplitHalves {
  using Near = Join<SplitReadHalf<UnixStream>, SplitWriteHalf<UnixStream>>;
  using Both = Ends<Near, UnixStream>;
  static Task<Both> ends() {
    auto pair = co_await UnixStream::pair();
    auto halves = split(std::move(pair.first));
    co_return Both(join(std::move(halves.first), std::move(halves.second)), std::move(pair.second));
  }
};

struct OnErased {
  using Both = Ends<StreamPtr, UnixStream>;
  static Task<Both> ends() {
    auto pair = co_await UnixStream::pair();
    co_return Both(make_stream(std::move(pair.first)), std::move(pair.second));
  }
};

struct OnAdaptors {
  using Reader = Take<Chain<pipe::Receiver, BufReader<pipe::Receiver>>>;
  using Both = Ends<Join<Reader, pipe::Sender>, PipeEnd>;
  static Task<Both> ends() {
    auto ended = co_await pipe::pipe();
    auto in = co_await pipe::pipe();
    auto out = co_await pipe::pipe();
    { const pipe::Sender gone = std::move(ended.first); }
    BufReader<pipe::Receiver> second(std::move(in.second), 256);
    Reader reader = take(chain(std::move(ended.second), std::move(second)), 4096);
    // Past the end of the first, so that only the second is waited for.
    std::array<std::byte, 1> byte;
    while (reader.read_readiness().ready().is_empty()) co_await yield_now();
    static_cast<void>(reader.attempt_read(byte));
    co_return Both(join(std::move(reader), std::move(out.first)),
                   join(std::move(out.second), std::move(in.first)));
  }
};

struct OnInherited {
  using Both = Ends<StreamPtr, PipeEnd>;
  static Task<Both> ends() {
    auto in = co_await os::pipe();
    auto out = co_await os::pipe();
    auto reader = co_await inherited_reader(in.first.get());
    auto writer = co_await inherited_writer(out.second.get());
    auto far_reader = co_await pipe::Receiver::from_native(std::move(out.first));
    auto far_writer = co_await pipe::Sender::from_native(std::move(in.second));
    Both both(join_sides(std::move(reader), std::move(writer)),
              join(std::move(far_reader), std::move(far_writer)));
    both.inherited.push_back(std::move(in.first));
    both.inherited.push_back(std::move(out.second));
    co_return std::move(both);
  }
};

// --- what is tried on each ------------------------------------------------------------------

template <class On>
class StreamWorld : public Cancellable {
 public:
  using Both = typename On::Both;

  Task<void> prepare() override { ends_.emplace(co_await On::ends()); }

 protected:
  auto& near() { return detail::target(ends_->near); }
  auto& far() { return detail::target(ends_->far); }

  void far_writes(std::string_view text) {
    EXPECT_EQ(far().attempt_write(as_bytes(text)).value(), text.size());
  }
  void far_reads() {
    std::array<std::byte, 4096> room;
    while (const auto count = far().attempt_read(room)) {
      if (*count == 0) break;
      received_.insert(received_.end(), room.begin(),
                       room.begin() + static_cast<std::ptrdiff_t>(*count));
    }
  }
  /// Until nothing goes in any more.
  void fill() {
    const Buffer block(4096, std::byte{'.'});
    while (const auto count = near().attempt_write(block)) {
      sent_.insert(sent_.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(*count));
    }
  }
  /// Ends the near end's stream and takes in the rest.
  Task<void> expect_received_all_that_was_sent() {
    {
      std::vector<Handle> inherited = std::move(ends_->inherited);
      [[maybe_unused]] const typename Both::Near gone = std::move(ends_->near);
    }
    co_await read_to_end(ends_->far, received_);
    EXPECT_TRUE(received_ == sent_) << received_.size() << " of " << sent_.size();
  }

  std::array<std::byte, 64> buffer_{};
  Buffer sent_;
  Buffer received_;

 private:
  std::optional<Both> ends_;
};

template <class On>
class Reading : public StreamWorld<On> {
 public:
  void go_on() override {
    this->far_writes("x");
    given_ += "x";
  }
  /// Nothing was put into the buffer, and all that was written is read.
  Task<void> check() override {
    EXPECT_EQ(this->buffer_, (std::array<std::byte, 64>{}));
    this->far_writes("abc");
    given_ += "abc";
    EXPECT_EQ(co_await read_text(this->near(), given_.size()), given_);
  }

 private:
  std::string given_;
};

template <class On>
struct Read final : Reading<On> {
  Task<void> operation() override { co_await this->near().read(this->buffer_); }
};
template <class On>
struct Readable final : Reading<On> {
  Task<void> operation() override { co_await this->near().readable(); }
};

template <class On>
class Writing : public StreamWorld<On> {
 public:
  Task<void> prepare() override {
    co_await StreamWorld<On>::prepare();
    co_await turns(2);
    this->fill();
    this->near().write_readiness().clear(Interest::writable);
  }
  void go_on() override { this->far_reads(); }
  Task<void> check() override { return this->expect_received_all_that_was_sent(); }
};

template <class On>
struct Write final : Writing<On> {
  Task<void> operation() override { co_await this->near().write(as_bytes("tail")); }
};
template <class On>
struct WriteVectored final : Writing<On> {
  std::array<Bytes, 2> pieces{as_bytes("ta"), as_bytes("il")};
  Task<void> operation() override { co_await this->near().write_vectored(pieces); }
};
template <class On>
struct Writable final : Writing<On> {
  Task<void> operation() override { co_await this->near().writable(); }
};

template <class On>
void add_single(CancellationCases& cases, const std::string& on) {
  add<Read<On>>(cases, "ReadOp", on);
  add<Readable<On>>(cases, "ReadyOp", on + "Readable");
  add<Write<On>>(cases, "WriteOp", on);
  add<WriteVectored<On>>(cases, "WriteVectoredOp", on);
  add<Writable<On>>(cases, "ReadyOp", on + "Writable");
}

// --- what only some have --------------------------------------------------------------------

struct Peek final : Reading<OnTcp> {
  Task<void> operation() override { co_await near().peek(buffer_); }
};

/// For either of two states, of which one holds: it waits for the other.
struct ReadyForEnds final : Reading<OnUnix> {
  Task<void> operation() override { co_await near().ready(Interest::readable | Interest::error); }
};

struct OwnReadCall final : Reading<OnUnix> {
  Task<void> operation() override {
    const auto call = [this] { return os::recv(near().native(), buffer_); };
    static_cast<void>(co_await near().async_io(Interest::readable, call));
  }
};

struct GuardedRead final : Cancellable {
  std::optional<AsyncFd<Handle>> near;
  Handle far;

  Task<void> prepare() override {
    auto ends = co_await os::pipe();
    near.emplace(
        co_await AsyncFd<Handle>::with_interest(std::move(ends.first), Interest::readable));
    far = std::move(ends.second);
  }
  Task<void> operation() override { static_cast<void>(co_await near->readable()); }
  void go_on() override { EXPECT_EQ(os::write(far.get(), as_bytes("x")), 1U); }
  Task<void> check() override {
    go_on();
    const auto guard = co_await near->readable();
    EXPECT_TRUE(guard.ready().is_readable());
  }
};

/// A writer that has taken more than the stream below has room for.
struct Settling : Cancellable {
  std::optional<std::pair<DuplexStream, DuplexStream>> ends{duplex(4)};
  StreamPtr below = make_stream(std::move(ends->first));
  Holding writer{*below};
  std::string received;

  Task<void> prepare() override {
    EXPECT_EQ(writer.attempt_write(as_bytes("0123456789")), 10U);
    co_return;
  }
  void go_on() override {
    std::array<std::byte, 3> room;
    const auto count = ends->second.attempt_read(room);
    received += as_text(Bytes(room).first(count.value_or(0)));
  }
  /// Done again it does the rest, and nothing twice.
  Task<void> check() override {
    while (!writer.attempt_flush()) go_on();
    for (int i = 0; i < 2; ++i) go_on();
    EXPECT_EQ(received, "0123456789");
    co_return;
  }
};
struct Flush final : Settling {
  Task<void> operation() override { co_await writer.flush(); }
};
struct Shutdown final : Settling {
  Task<void> operation() override { co_await writer.shutdown(); }
};

}  // namespace

void add_stream_cases(CancellationCases& cases) {
  add_single<OnTcp>(cases, "TcpStream");
  add_single<OnUnix>(cases, "UnixStream");
  if (has_vsock_loopback()) add_single<OnVsock>(cases, "VsockStream");
  add_single<OnDuplex>(cases, "DuplexStream");
  add_single<OnPipes>(cases, "Pipes");
  add_single<OnOwnedHalves>(cases, "OwnedHalves");
  add_single<OnSplitHalves>(cases, "SplitHalves");
  add_single<OnErased>(cases, "Stream");
  add_single<OnAdaptors>(cases, "TakeChainBufReader");
  add_single<OnInherited>(cases, "Inherited");
  add<Peek>(cases, "PeekOp", "TcpStream");
  add<ReadyForEnds>(cases, "ReadyOp", "EitherOfTwo");
  add<OwnReadCall>(cases, "RawIoOp");
  add<GuardedRead>(cases, "ReadyGuardOp");
  add<Flush>(cases, "FlushOp", "", 2);
  add<Shutdown>(cases, "ShutdownOp", "", 2);
}

}  // namespace fid::test
