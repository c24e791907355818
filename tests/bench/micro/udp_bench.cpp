// SPDX-License-Identifier: MIT
#include "micro/allocations_per_iteration.hpp"

#include <fid/net/udp_socket.hpp>
#include <fid/reactor/runtime.hpp>

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

// What a datagram costs on loopback, sent and received, by how many go with one call. Each time
// around, 32 of them: few enough for the receiver's queue.
namespace fid {
namespace {

constexpr std::size_t count = 32;
constexpr std::size_t longest = 65536;

Task<UdpSocket> bound() {
  return UdpSocket::bind(SocketAddr(Ipv4Addr::loopback(), 0));
}

/// Sends and receives until the state has had enough; `round` is once around.
template <class Round>
void run_rounds(benchmark::State& state, Round round, bool joined = false) {
  const Result<void> done = run([&]() -> Task<void> {
    UdpSocket receiver = co_await bound();
    UdpSocket sender = co_await bound();
    co_await sender.connect(co_await receiver.local_addr());
    if (joined) co_await receiver.set_gro(true);
    const AllocationsPerIteration counted(state);
    for (auto _ : state) co_await round(sender, receiver);
  });
  if (!done) std::abort();
  const auto datagrams = state.iterations() * static_cast<std::int64_t>(count);
  state.SetItemsProcessed(datagrams);
  state.SetBytesProcessed(datagrams * state.range(0));
}

Task<void> receive_all(UdpSocket& receiver, DatagramBatch& batch) {
  for (std::size_t have = 0; have < count;) have += co_await receiver.recv_batch(batch);
}

void udp_one_by_one(benchmark::State& state) {
  const Buffer message(static_cast<std::size_t>(state.range(0)));
  Buffer room(longest);
  run_rounds(state, [&](UdpSocket& sender, UdpSocket& receiver) -> Task<void> {
    for (std::size_t i = 0; i < count; ++i) co_await sender.send(message);
    for (std::size_t i = 0; i < count; ++i) co_await receiver.recv_from(room);
  });
}
BENCHMARK(udp_one_by_one)->Arg(64)->Arg(1200);

void udp_batches(benchmark::State& state) {
  const Buffer message(static_cast<std::size_t>(state.range(0)));
  const std::vector<OutgoingDatagram> datagrams(count, OutgoingDatagram{message});
  DatagramBatch batch(count, 2048);
  run_rounds(state, [&](UdpSocket& sender, UdpSocket& receiver) -> Task<void> {
    std::span<const OutgoingDatagram> left(datagrams);
    while (!left.empty()) left = left.subspan(co_await sender.send_batch(left));
    co_await receive_all(receiver, batch);
  });
}
BENCHMARK(udp_batches)->Arg(64)->Arg(1200);

/// Cut by the kernel; the second argument says whether it joins them again for the receiver.
void udp_segments(benchmark::State& state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  const Buffer bytes(size * count);
  DatagramBatch batch(count, longest);
  run_rounds(
      state,
      [&](UdpSocket& sender, UdpSocket& receiver) -> Task<void> {
        Bytes left(bytes);
        while (!left.empty()) left = left.subspan(co_await sender.send_segments(left, size));
        co_await receive_all(receiver, batch);
      },
      state.range(1) == 1);
}
BENCHMARK(udp_segments)->Args({64, 0})->Args({64, 1})->Args({1200, 0})->Args({1200, 1});

}  // namespace
}  // namespace fid
