// SPDX-License-Identifier: MIT
#include "support/public_operations.hpp"

#include <fid/io/buf_reader.hpp>
#include <fid/io/copy.hpp>
#include <fid/io/copy_bidirectional.hpp>
#include <fid/io/ops.hpp>
#include <fid/io/pump.hpp>
#include <fid/io/stream.hpp>
#include <fid/net/async_fd.hpp>
#include <fid/net/tcp_listener.hpp>
#include <fid/net/udp_socket.hpp>
#include <fid/net/unix_datagram.hpp>
#include <fid/net/unix_listener.hpp>
#include <fid/net/vsock_listener.hpp>
#include <fid/reactor/signals.hpp>
#include <fid/reactor/sleep.hpp>
#include <fid/reactor/workers.hpp>
#include <fid/sys/process.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>

// What lives in coroutines' frames, in bytes: an idle relayed connection has 0.8 KiB for all.
// More is a decision, to be made here.
namespace fid {
namespace {

/// What is awaited with nothing of its own: a call, or a job, without data.
using EmptyCall = Result<int> (*)();

struct Size {
  std::string_view name;
  std::size_t actual;
  std::size_t most;
};

template <class T>
constexpr Size size(std::string_view name, std::size_t most) {
  return {name, sizeof(T), most};
}

constexpr std::array sizes = {
    // One call each.
    size<ReadyOp>("ReadyOp", 96),
    size<ReadOp<Stream>>("ReadOp", 128),
    size<WriteOp<Stream>>("WriteOp", 128),
    size<FlushOp<Stream>>("FlushOp", 104),
    size<ShutdownOp<Stream>>("ShutdownOp", 104),
    size<WriteVectoredOp<TcpStream>>("WriteVectoredOp", 128),
    size<FillBufOp<BufReader<TcpStream&>>>("FillBufOp", 120),
    size<RawIoOp<EmptyCall>>("RawIoOp", 152),
    size<ReadyGuardOp<AsyncFd<Handle>::Guard>>("ReadyGuardOp", 104),
    size<PeekOp>("PeekOp", 120),
    size<AcceptOp<TcpStream>>("AcceptOp", 152),
    size<AcceptOp<UnixStream>>("AcceptOp", 160),
    size<AcceptOp<VsockStream>>("AcceptOp", 128),
    size<SendOp>("SendOp", 120),
    size<RecvOp>("RecvOp", 120),
    size<RecvBufOp>("RecvBufOp", 112),
    size<RecvArrivalOp>("RecvArrivalOp", 128),
    size<RecvFromOp<UnixAddr>>("RecvFromOp", 160),
    size<RecvFromOp<SocketAddr>>("RecvFromOp", 152),
    size<RecvBufFromOp<SocketAddr>>("RecvBufFromOp", 144),
    size<RecvArrivalFromOp<SocketAddr>>("RecvArrivalFromOp", 160),
    size<SendToOp>("SendToOp", 152),
    size<PeekFromOp>("PeekFromOp", 152),
    size<PeekSenderOp>("PeekSenderOp", 136),
    size<RecvBatchOp>("RecvBatchOp", 112),
    size<SendBatchOp>("SendBatchOp", 120),
    size<SendSegmentsOp>("SendSegmentsOp", 168),
    size<SendToUnixOp>("SendToUnixOp", 304),  // has the address in it, and what goes along
    size<SendPassingOp>("SendPassingOp", 160),
    size<RecvPassingOp>("RecvPassingOp", 224),
    // Several calls.
    size<ReadExactOp<Stream>>("ReadExactOp", 120),
    size<ReadToEndOp<Stream>>("ReadToEndOp", 120),
    size<ReadBufOp<Stream, ReadBuf>>("ReadBufOp", 120),
    size<ReadBufOp<Stream, Buffer>>("ReadBufOp", 120),
    size<WriteAllOp<Stream>>("WriteAllOp", 120),
    size<WriteCursorOp<Stream, true>>("WriteCursorOp", 120),
    size<CopyOp<Stream, Stream>>("CopyOp", 200),
    size<CopyBidirectionalOp<Stream, Stream>>("CopyBidirectionalOp", 288),
    size<Pump>("Pump", 112),
    // Waiting for other things than streams.
    size<SleepOp>("SleepOp", 72),
    size<SignalOp>("SignalOp", 112),
    size<ExitOp>("ExitOp", 112),
    size<detail::WorkerOp<EmptyCall>>("WorkerOp", 112),
    size<Event::WaitOp>("WaitOp", 40),
    size<YieldOp>("YieldOp", 32),
    size<detail::TaskAwaiter<int>>("TaskAwaiter", 8),
    size<detail::OperationAwaiter<ReadyOp>>("OperationAwaiter", 8),
    // What a connection is made of.
    size<TcpStream>("TcpStream", 16),
    size<UdpSocket>("UdpSocket", 16),
    size<RegistrationTable::Slot>("RegistrationTable::Slot", 40),
    size<detail::Promise<void>>("Promise", 56),
};

TEST(AwaitableSizes, AreNoMoreThanTheyWere) {
  for (const Size& each : sizes) EXPECT_LE(each.actual, each.most) << each.name;
}

/// Who adds an operation says how large it may be.
TEST(AwaitableSizes, AreKnownOfEveryOperationOfThePublicHeaders) {
  std::set<std::string_view> known;
  for (const Size& each : sizes) known.insert(each.name);
  const std::set<std::string> declared = test::public_operations();
  EXPECT_GE(declared.size(), 40U);
  for (const std::string& name : declared) EXPECT_TRUE(known.contains(name)) << name;
}

}  // namespace
}  // namespace fid
