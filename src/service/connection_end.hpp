// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/clock.hpp>

#include <cstdint>
#include <string_view>

namespace fid::service {

/// Who ended a connection: one of its sides, or this program.
enum class Side : std::uint8_t { a, b, self };

/// Why a connection ended. fid(1), EVENTS
enum class CloseReason : std::uint8_t {
  eof,            ///< both directions came to their end
  reset,          ///< a peer aborted it
  timeout_idle,   ///< --idle
  timeout_half,   ///< --half-idle or --linger
  timeout_total,  ///< --timeout
  limit,          ///< --max-bytes
  refused,        ///< the other side could not be opened
  policy,         ///< the peer is not allowed
  drain,          ///< cut because --drain was over
  signal,         ///< cut by a signal
  write_error,    ///< the receiving side failed: a full disk, a vanished reader
  fault,          ///< a fault that was asked for
};

/// `timeout-idle`
std::string_view name_of(CloseReason reason);
/// `a`, `b`, `self`
std::string_view name_of(Side side);

/// What became of one connection.
struct ConnectionEnd {
  std::uint64_t a_to_b = 0;  ///< bytes delivered
  std::uint64_t b_to_a = 0;
  Duration lasted{};
  Side by = Side::self;
  CloseReason reason = CloseReason::eof;
  bool complete = true;      ///< both directions ended and nothing accepted was left over
  std::uint64_t unsent = 0;  ///< bytes accepted and not delivered
};

}  // namespace fid::service
