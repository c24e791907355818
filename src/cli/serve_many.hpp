// SPDX-License-Identifier: MIT
#pragma once

#include "cli/session.hpp"
#include "service/serve.hpp"

namespace fid::cli {

/// The work of the commands that serve one connection after another, or many at once: `relay` and
/// `listen -k`.
///
/// Listens on `from`, announces it, and serves until it is stopped; `reach` opens `to` for each.
Task<service::Complaint> serve_many(Session& session, const endpoint::Address& from,
                                    const endpoint::Address& to, service::Service::Reach reach,
                                    const service::ServeSettings& settings);

}  // namespace fid::cli
