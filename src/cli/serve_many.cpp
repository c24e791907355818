// SPDX-License-Identifier: MIT
#include "cli/serve_many.hpp"

#include "service/one_shot.hpp"

#include <fid/task/race.hpp>

#include <string>
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
  service::Service service(from, to, std::move(reach), settings, session.around());
  if (auto started = service.start_threads(*listener); !started) {
    service::Complaint complaint;
    complaint.status = service::ExitStatus::not_opened;
    complaint.where = "--threads " + std::to_string(settings.threads);
    complaint.error = started.error();
    co_return complaint;
  }
  if (auto complaint = session.announce(listener->urls())) co_return std::move(*complaint);
  auto running = service.run(std::move(listener), session.shutdown());
  auto complaint = co_await as_result(std::move(running));
  service.end_threads();
  co_return complaint;
}

}  // namespace fid::cli
