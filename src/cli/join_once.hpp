// SPDX-License-Identifier: MIT
#pragma once

#include "cli/session.hpp"

namespace fid::cli {

/// The work of the commands that join two endpoints once: `listen`, `connect`, `bridge`.
///
/// What listens does so first and is announced; then both are opened, `a` before `b`, and joined.
/// `direction` is the way bytes may go.
Task<service::Complaint> join_once(Session& session, const endpoint::Address& a,
                                   const endpoint::Address& b, service::Direction direction);

}  // namespace fid::cli
