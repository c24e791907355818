// SPDX-License-Identifier: MIT
#pragma once

#include "service/load/outcome.hpp"

#include <string>

namespace fid::service::load {

/// A picture of the latencies by percentile, as a file of its own: SVG with axes and labels, whose
/// colours follow whether its viewer is light or dark. The outcome has operations.
std::string latency_plot(const Outcome& outcome);

}  // namespace fid::service::load
