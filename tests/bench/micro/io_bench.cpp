// SPDX-License-Identifier: MIT
#include "micro/allocations_per_iteration.hpp"

#include <fid/io/copy.hpp>
#include <fid/io/duplex.hpp>
#include <fid/io/memory.hpp>
#include <fid/io/ops.hpp>
#include <fid/io/pump.hpp>
#include <fid/net/unix_stream.hpp>
#include <fid/reactor/runtime.hpp>
#include <fid/task/task_group.hpp>

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <utility>

namespace fid {
namespace {

constexpr std::size_t KiB = 1024;

std::pair<UnixStream, UnixStream> sockets() {
  return UnixStream::pair().value();
}

std::size_t size_of(const benchmark::State& state) {
  return static_cast<std::size_t>(state.range(0));
}

void count_bytes(benchmark::State& state, std::size_t each) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(each));
}

/// A benchmark whose body fails has measured nothing.
template <class F>
void run_bench(F body) {
  if (!run(std::move(body))) std::abort();
}

/// A write and a read on a socket pair that never have to wait: two system calls, and what we add.
void ready_write_and_read(benchmark::State& state) {
  run_bench([&state]() -> Task<void> {
    auto [near, far] = sockets();
    Buffer buffer(size_of(state));
    const AllocationsPerIteration counted(state);
    for (auto _ : state) {
      co_await write_all(near, buffer);
      co_await read_exact(far, buffer);
    }
  });
  count_bytes(state, size_of(state));
}
BENCHMARK(ready_write_and_read)->Arg(64)->Arg(64 * KiB);

Task<void> echo(UnixStream& stream) {
  Buffer buffer(64 * KiB);
  while (const std::size_t count = co_await stream.read(buffer)) {
    co_await write_all(stream, Bytes(buffer).first(count));
  }
}

/// There and back between two coroutines of one thread, each of which has to wait.
void ping_pong(benchmark::State& state) {
  run_bench([&state]() -> Task<void> {
    auto [near, far] = sockets();
    TaskGroup group;
    group.add(echo(far));
    Buffer buffer(size_of(state));
    const AllocationsPerIteration counted(state);
    for (auto _ : state) {
      co_await write_all(near, buffer);
      co_await read_exact(near, buffer);
    }
  });
}
BENCHMARK(ping_pong)->Arg(64);

/// The same with a relay between the two.
void relayed_ping_pong(benchmark::State& state) {
  run_bench([&state]() -> Task<void> {
    auto [client, near] = sockets();
    auto [far, server] = sockets();
    const StreamPtr a = make_stream(std::move(near));
    const StreamPtr b = make_stream(std::move(far));
    Event changed;
    Pump there(*a, *b, changed);
    Pump back(*b, *a, changed);
    there.start();
    back.start();
    TaskGroup group;
    group.add(echo(server));
    Buffer buffer(size_of(state));
    const AllocationsPerIteration counted(state);
    for (auto _ : state) {
      co_await write_all(client, buffer);
      co_await read_exact(client, buffer);
    }
  });
}
BENCHMARK(relayed_ping_pong)->Arg(64);

Task<void> discard(DuplexStream& from) {
  Buffer buffer(64 * KiB);
  while (co_await from.read(buffer) > 0) {
  }
}

/// Copying a megabyte into a stream in memory that holds so much at a time.
void copy_into_duplex(benchmark::State& state) {
  const Buffer megabyte(KiB * KiB);
  run_bench([&]() -> Task<void> {
    auto [near, far] = duplex(size_of(state));
    TaskGroup group;
    group.add(discard(far));
    const AllocationsPerIteration counted(state);
    for (auto _ : state) {
      BytesReader reader(megabyte);
      co_await copy(reader, near);
    }
  });
  count_bytes(state, megabyte.size());
}
BENCHMARK(copy_into_duplex)->Arg(8 * KiB)->Arg(64 * KiB);

Task<void> flood(UnixStream& to) {
  const Buffer buffer(256 * KiB);
  for (;;) co_await write_all(to, buffer);
}

/// A megabyte through a pump between socket pairs: 0 copied, 1 inside the kernel.
void pump_bulk(benchmark::State& state) {
  run_bench([&state]() -> Task<void> {
    auto [source, in] = sockets();
    auto [out, sink] = sockets();
    const StreamPtr from = make_stream(std::move(in));
    const StreamPtr to = make_stream(std::move(out));
    Event changed;
    PumpOptions options;
    options.splice = state.range(0) == 1;
    Pump pump(*from, *to, changed, options);
    pump.start();
    TaskGroup group;
    group.add(flood(source));
    Buffer buffer(KiB * KiB);
    const AllocationsPerIteration counted(state);
    for (auto _ : state) co_await read_exact(sink, buffer);
  });
  count_bytes(state, KiB * KiB);
}
BENCHMARK(pump_bulk)->Arg(0)->Arg(1);

}  // namespace
}  // namespace fid
