// SPDX-License-Identifier: MIT
#include "cli/join_once.hpp"

#include "service/one_shot.hpp"

#include <fid/base/os.hpp>
#include <fid/base/os_path.hpp>
#include <fid/reactor/with_deadline.hpp>

#include <utility>
#include <vector>

namespace fid::cli {
namespace {

using endpoint::Access;
using endpoint::Address;
using endpoint::ConnectionPtr;
using endpoint::ListenerPtr;
using service::Complaint;
using service::Direction;

constexpr service::ConnectionId the_only_one = 1;

/// One of the two, to be opened.
struct Side {
  const Address& address;
  Access access;
  ListenerPtr listener;  ///< null where it connects
  ConnectionPtr connection = {};
};

/// Listens on a side, if that is its role.
Task<std::optional<Complaint>> listen(Session& session, Side& side,
                                      std::vector<std::string>& urls) {
  if (side.address.role != endpoint::Role::listen) co_return std::nullopt;
  auto listening = session.listen(side.address);
  auto listener = co_await as_result(std::move(listening));
  if (!listener) co_return complaint_at(side.address, listener.error());
  side.listener = std::move(*listener);
  for (std::string& url : side.listener->urls()) urls.push_back(std::move(url));
  co_return std::nullopt;
}

/// Connects a side, or takes its client.
Task<std::optional<Complaint>> open(Session& session, Side& side,
                                    std::optional<TimePoint> deadline) {
  std::optional<Duration> time;
  if (deadline) time = *deadline - Clock::now();
  auto opening = session.open(the_only_one, side.address, side.access, std::move(side.listener));
  auto in_time = with_deadline(time, std::move(opening));
  auto opened = co_await as_result(std::move(in_time));
  if (opened) {
    side.connection = std::move(*opened);
    co_return std::nullopt;
  }
  if (deadline && Clock::now() >= *deadline) co_return service::timed_out(side.address.display());
  co_return complaint_at(side.address, opened.error());
}

/// What is said of two sides that were joined, and ended with.
Complaint outcome(const service::JoinEnd& end, const Side& a, const Side& b,
                  const service::TransferSettings& transfer) {
  auto complaint = service::complaint_of(end, a.address.display(), b.address.display(), transfer);
  if (!end.failed_command) return complaint.value_or(Complaint());
  // A command that failed is the cause of what could not be delivered to it.
  if (complaint && end.relay.end.by == service::Side::self) return std::move(*complaint);
  const Side& side = end.failed_command->side == service::Side::a ? a : b;
  return service::command_failed(side.address.display(), end.failed_command->code);
}

Task<Complaint> work(Session& session, Side a, Side b, Direction direction) {
  // Waiting for a client counts as well: the whole command is to be done in time.
  const std::optional<TimePoint> deadline = service::deadline_of(session.around().transfer);
  std::vector<std::string> urls;
  if (auto complaint = co_await listen(session, a, urls)) co_return std::move(*complaint);
  if (auto complaint = co_await listen(session, b, urls)) co_return std::move(*complaint);
  if (auto complaint = session.announce(urls)) co_return std::move(*complaint);
  if (auto complaint = co_await open(session, a, deadline)) co_return std::move(*complaint);
  if (auto complaint = co_await open(session, b, deadline)) co_return std::move(*complaint);

  service::TransferSettings transfer = session.around().transfer;
  transfer.direction = direction;
  const service::Surroundings around{session.around().events, session.around().log,
                                     session.around().live, transfer, session.around().dump};
  service::JoinedSide joined_a(a.address, std::move(a.connection));
  service::JoinedSide joined_b(b.address, std::move(b.connection));
  auto joining =
      service::join(the_only_one, std::move(joined_a), std::move(joined_b), around, deadline);
  const service::JoinEndPtr end = co_await std::move(joining);
  co_return outcome(*end, a, b, transfer);
}

}  // namespace

std::optional<std::uint64_t> expected_bytes(const Address& address) {
  constexpr Native standard_input = 0;
  if (address.kind->parameter == endpoint::Parameter::none) {
    const auto size = os::file_size(standard_input);
    const auto position = os::position(standard_input);
    if (!size || !position || *position > *size) return std::nullopt;
    return *size - *position;
  }
  if (address.kind->name != "file") return std::nullopt;
  // Not opened for that: somebody may wait for a reader of a FIFO, and would lose it again.
  const auto size = os::file_size(address.path);
  const std::uint64_t start = address.size("seek").value_or(0);
  return size && start <= *size ? std::optional(*size - start) : std::nullopt;
}

Task<Complaint> join_once(Session& session, const Address& a, const Address& b, Passage way) {
  Side side_a{a, way.a, nullptr};
  Side side_b{b, way.b, nullptr};
  auto working = work(session, std::move(side_a), std::move(side_b), way.direction);
  auto once = service::run_once(std::move(working), session.shutdown(), session.around());
  co_return co_await std::move(once);
}

}  // namespace fid::cli
