// SPDX-License-Identifier: MIT
#pragma once

#include "load/clock.hpp"
#include "load/net.hpp"

#include <cstdint>
#include <span>

/// The two ends of a bulk stream, for client and server alike. It is a sequence of blocks, each its
/// length and then as much of the pattern; one of length 0 is the last. So the end is known without
/// a half-close, which some relays take for the end of both directions.
namespace load {

enum class Flow {
  going,    // try again, now or when the socket is ready
  blocked,  // wait until the socket is ready
  ended,    // the last block is through
  broken,   // the connection ended before
};

/// When a source has sent enough; whatever comes first.
struct Limit {
  std::uint64_t bytes = 0;       // 0: none
  Clock::time_point deadline{};  // none if it is the epoch
};

/// Sends the pattern.
class Source {
 public:
  Source(std::uint64_t seed, Limit limit) noexcept : seed_(seed), limit_(limit) {}

  /// One send.
  Flow pump(const Fd& socket);
  /// Of content, without the lengths.
  std::uint64_t bytes() const noexcept { return bytes_; }

 private:
  void begin_block();
  bool between_blocks() const noexcept { return length_left_ == 0 && block_left_ == 0; }

  std::uint64_t seed_;
  Limit limit_;
  std::uint64_t bytes_ = 0;
  std::uint64_t length_ = 0;
  std::size_t length_left_ = 0;
  std::uint64_t block_left_ = 0;
  bool last_ = false;
};

/// Receives the pattern. Unless it verifies, TCP data is dropped in the kernel without being
/// copied, so that the load costs less than what it measures.  tcp(7), MSG_TRUNC
class Sink {
 public:
  Sink(std::uint64_t seed, bool verify) noexcept : seed_(seed), verify_(verify) {}

  /// One receive.
  Flow pump(const Fd& socket);
  /// What was received by other means; going or ended.
  Flow take(std::span<const char> data);

  /// Of content, without the lengths.
  std::uint64_t bytes() const noexcept { return bytes_; }
  /// False once verifying has found other content.
  bool intact() const noexcept { return intact_; }

 private:
  void count(std::uint64_t content) noexcept;

  std::uint64_t seed_;
  bool verify_;
  bool intact_ = true;
  std::uint64_t bytes_ = 0;
  std::uint64_t length_ = 0;
  std::size_t length_left_ = sizeof length_;
  std::uint64_t block_left_ = 0;
};

}  // namespace load
