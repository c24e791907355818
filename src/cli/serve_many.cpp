// SPDX-License-Identifier: MIT
#include "cli/serve_many.hpp"

#include "service/one_shot.hpp"

#include <fid/task/race.hpp>

#include <utility>
#include <variant>

namespace fid::cli {

Task<service::Complaint> serve_many(Session& session, const endpoint::Address& from,
                                    const endpoint::Address& to, service::Service::Reach reach,
                                    const service::ServeSettings& settings) {
  auto either = race(session.listen(from), session.shutdown().stop_requested());
  auto first = co_await as_result(std::move(either));
  if (!first) co_return complaint_at(from, first.error());
  // Nobody was served yet.
  if (first->index() == 1) co_return service::ended_early(std::get<1>(*first));
  endpoint::ListenerPtr listener = std::get<0>(std::move(*first));
  if (auto complaint = session.announce(listener->urls())) co_return std::move(*complaint);

  service::Service service(from, to, std::move(reach), settings, session.around());
  co_return co_await service.run(std::move(listener), session.shutdown());
}

}  // namespace fid::cli
