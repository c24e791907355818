// SPDX-License-Identifier: MIT
#pragma once

#include <fid/io/stream.hpp>
#include <fid/task/run_queue.hpp>
#include <fid/task/task.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>

namespace fid::test {

/// The byte at some place of an endless stream: what is lost, doubled or moved shows.
inline std::byte pattern_at(std::uint64_t place) noexcept {
  const std::uint64_t mixed = place * 0x9e3779b97f4a7c15U;
  return static_cast<std::byte>(mixed >> 56U);
}

/// How unevenly a source or a sink behaves.
struct Manners {
  std::uint32_t seed = 1;
  std::size_t most = std::size_t{64} * 1024;  ///< in one call
  std::uint32_t pauses_in_16 = 0;             ///< of its calls, those it gives way before
};

class Whims {
 public:
  explicit Whims(const Manners& manners) : manners_(manners), random_(manners.seed) {}
  std::size_t size() { return 1 + random_() % manners_.most; }
  bool pauses() { return random_() % 16 < manners_.pauses_in_16; }

 private:
  Manners manners_;
  std::minstd_rand random_;
};

/// Writes that many bytes of the pattern, and ends the stream.
inline Task<void> write_pattern(Stream& to, std::uint64_t total, Manners manners) {
  Whims whims(manners);
  Buffer buffer(manners.most);
  for (std::uint64_t sent = 0; sent < total;) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(whims.size(), total - sent));
    for (std::size_t i = 0; i < size; ++i) buffer[i] = pattern_at(sent + i);
    Bytes left = Bytes(buffer).first(size);
    while (!left.empty()) {
      if (whims.pauses()) co_await yield_now();
      left = left.subspan(co_await to.write(left));
    }
    sent += size;
  }
  co_await to.shutdown();
}

/// Reads to the end of the stream, which has to be that of the pattern; gives how much there was.
inline Task<std::uint64_t> read_pattern(Stream& from, Manners manners, std::uint64_t already = 0) {
  Whims whims(manners);
  Buffer buffer(manners.most);
  std::uint64_t got = already;
  for (;;) {
    if (whims.pauses()) co_await yield_now();
    const std::size_t size = whims.size();
    const std::size_t count = co_await from.read(MutableBytes(buffer).first(size));
    if (count == 0) co_return got - already;
    for (std::size_t i = 0; i < count; ++i) {
      if (buffer[i] != pattern_at(got + i)) {
        ADD_FAILURE() << "wrong byte at " << got + i;
        co_return got - already;
      }
    }
    got += count;
  }
}

}  // namespace fid::test
