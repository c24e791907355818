// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/endpoint.hpp"
#include "service/events.hpp"
#include "service/exit_status.hpp"

#include <fid/base/clock.hpp>

#include <optional>

namespace fid::service {

/// What the program was told about opening, besides the options of the address.
struct DialSettings {
  std::optional<Duration> connect_timeout;  ///< unless the address has its own
  endpoint::OpenContext context;
};

/// Opens `address`: within its connect-timeout an attempt, tried again as often and at such
/// intervals as its options say. Each retry is an event. Everything given outlives the task.
///
/// Errors: those of the last attempt; deadline_passed if it was too slow.
Task<endpoint::ConnectionPtr> dial(const endpoint::Address& address, const DialSettings& settings,
                                   Events& events);

/// What was being done when opening `address`, or listening on it, failed.
Stage opening_stage(const endpoint::Address& address);

}  // namespace fid::service
