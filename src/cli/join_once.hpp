// SPDX-License-Identifier: MIT
#pragma once

#include "cli/passage.hpp"
#include "cli/session.hpp"

#include <cstdint>
#include <optional>

namespace fid::cli {

/// How many bytes will come from `address`, if it is an ordinary file or stdin redirected from one.
std::optional<std::uint64_t> expected_bytes(const endpoint::Address& address);

/// The work of the commands that join two endpoints once: `listen`, `connect`, `bridge`.
///
/// What listens does so first and is announced; then both are opened, `a` before `b`, and joined.
/// The time of `--timeout` is that of all this, and a signal is heard at every step.
Task<service::Complaint> join_once(Session& session, const endpoint::Address& a,
                                   const endpoint::Address& b, Passage way);

}  // namespace fid::cli
