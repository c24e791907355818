// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/clock.hpp>

#include <cstdint>
#include <optional>

/// How two joined connections are treated, whoever joins them.  fid(1), LIMITS and END OF INPUT
namespace fid::service {

/// What the end of one direction means for the other.
enum class EndOfInput : std::uint8_t {
  half,    ///< shut down writing on the other side and go on until that side ends too
  close,   ///< end both directions
  ignore,  ///< keep reading: files that grow, serial lines, FIFOs
};

/// Which way bytes go. `a` is the side named or accepted first.
enum class Direction : std::uint8_t { both, a_to_b, b_to_a };

/// All limits are off unless set; 0 means at once.
struct TransferSettings {
  Direction direction = Direction::both;
  EndOfInput eof = EndOfInput::half;
  std::optional<Duration> linger;          ///< bounds the second half; cutting data is a failure
  std::optional<Duration> idle;            ///< no byte in either direction
  std::optional<Duration> half_idle;       ///< no byte after one direction has ended
  std::optional<Duration> timeout;         ///< the whole connection
  std::optional<std::uint64_t> max_bytes;  ///< both directions together
  bool idle_is_error = false;              ///< `idle` running out is a passed deadline
};

}  // namespace fid::service
