// SPDX-License-Identifier: MIT
#pragma once

#include "service/load/outcome.hpp"

#include <optional>
#include <string>

/// What a load came to, as text.
namespace fid::service::load {

/// For people: what was done in a line, figures, and a table of latencies by percentile.
std::string table(const Outcome& outcome);

/// For programs: one JSON object on one line. Times end with their unit, and keys may be added.
std::string json(const Outcome& outcome);

/// A line that is drawn over itself; the rate is that since `before`.
std::string progress_line(const Progress& now, const Progress& before, const Settings& settings);

/// What the far end is called in what people read: `A through a relay to B`.
std::string subject(const Outcome& outcome);

/// `4 connections, 64 B a message, 10 s after 1 s of warm-up`
std::string conditions(const Outcome& outcome);

/// `41 234 round trips/s`, `1.2 GiB/s`
std::string speed(const Outcome& outcome);

}  // namespace fid::service::load
