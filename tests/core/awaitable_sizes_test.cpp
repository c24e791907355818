// SPDX-License-Identifier: MIT
#include <fid/io/copy_bidirectional.hpp>
#include <fid/io/ops.hpp>
#include <fid/io/pump.hpp>
#include <fid/io/stream.hpp>
#include <fid/net/tcp_listener.hpp>
#include <fid/net/udp_socket.hpp>
#include <fid/net/unix_datagram.hpp>
#include <fid/net/unix_listener.hpp>
#include <fid/reactor/signals.hpp>
#include <fid/reactor/sleep.hpp>
#include <fid/sys/process.hpp>

#include <gtest/gtest.h>

#include <cstddef>

// What lives in coroutines' frames, in bytes: an idle relayed connection has 1 KiB for everything.
// More is a decision, to be made here.
namespace fid {
namespace {

template <class T, std::size_t most>
void expect_at_most() {
  EXPECT_LE(sizeof(T), most);
}

TEST(AwaitableSizes, OfSingleOperations) {
  expect_at_most<ReadyOp, 96>();
  expect_at_most<ReadOp<Stream>, 128>();
  expect_at_most<WriteOp<Stream>, 128>();
  expect_at_most<FlushOp<Stream>, 104>();
  expect_at_most<ShutdownOp<Stream>, 104>();
  expect_at_most<WriteVectoredOp<TcpStream>, 128>();
  expect_at_most<PeekOp, 120>();
  expect_at_most<AcceptOp<TcpStream>, 152>();
  expect_at_most<AcceptOp<UnixStream>, 160>();
  expect_at_most<SendOp, 120>();
  expect_at_most<RecvOp, 120>();
  expect_at_most<RecvFromOp<UnixAddr>, 168>();
  expect_at_most<RecvFromOp<SocketAddr>, 160>();
  expect_at_most<SendToOp, 152>();
  expect_at_most<PeekSenderOp, 136>();
  expect_at_most<RecvBatchOp, 112>();
  expect_at_most<SendBatchOp, 120>();
  expect_at_most<SendSegmentsOp, 168>();
  expect_at_most<SendToUnixOp, 304>();  // has the address in it, and what goes along
  expect_at_most<SendPassingOp, 160>();
  expect_at_most<RecvPassingOp, 240>();
}

TEST(AwaitableSizes, OfOperationsOfSeveralAttempts) {
  expect_at_most<ReadExactOp<Stream>, 120>();
  expect_at_most<ReadToEndOp<Stream>, 120>();
  expect_at_most<ReadBufOp<Stream, ReadBuf>, 120>();
  expect_at_most<ReadBufOp<Stream, Buffer>, 120>();
  expect_at_most<WriteAllOp<Stream>, 120>();
  expect_at_most<WriteCursorOp<Stream, true>, 120>();
  expect_at_most<CopyBidirectionalOp<Stream, Stream>, 336>();
  expect_at_most<Pump, 192>();
}

TEST(AwaitableSizes, OfWhatWaitsForOtherThings) {
  expect_at_most<SleepOp, 72>();
  expect_at_most<SignalOp, 112>();
  expect_at_most<ExitOp, 112>();
  expect_at_most<Event::WaitOp, 40>();
  expect_at_most<YieldOp, 32>();
  expect_at_most<detail::TaskAwaiter<int>, 8>();
  expect_at_most<detail::OperationAwaiter<ReadyOp>, 8>();
}

TEST(AwaitableSizes, OfWhatAConnectionIsMadeOf) {
  expect_at_most<TcpStream, 16>();
  expect_at_most<UdpSocket, 16>();
  expect_at_most<RegistrationTable::Slot, 56>();
  expect_at_most<detail::Promise<void>, 56>();
}

}  // namespace
}  // namespace fid
