// SPDX-License-Identifier: MIT
#pragma once

#include "load/net.hpp"
#include "load/options.hpp"
#include "load/report.hpp"

/// The measurements, one file each. All throw when something other than the figures went wrong: a
/// connection broke, content changed, bytes are missing.
namespace load {

Report bulk(const Address& target, const Options& options);
Report ping_pong(const Address& target, const Options& options);
Report connect_close(const Address& target, const Options& options);
/// Prints its report itself, before it holds the connections until stdin ends.
void idle(const Address& target, const Options& options);
Report datagram(const Address& target, const Options& options);
Report calls(const Options& options);

}  // namespace load
