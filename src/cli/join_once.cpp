// SPDX-License-Identifier: MIT
#include "cli/join_once.hpp"

#include "service/one_shot.hpp"

#include <fid/base/os.hpp>

#include <utility>
#include <vector>

namespace fid::cli {
namespace {

using endpoint::Access;
using endpoint::Address;
using endpoint::Connection;
using endpoint::ListenerPtr;
using service::Complaint;
using service::Direction;

constexpr service::ConnectionId the_only_one = 1;

/// Which way bytes go through each side: what passes in one direction only settles the other's too.
struct Passage {
  Direction direction;
  Access a;
  Access b;
};

Passage passage(const Address& a, const Address& b, Direction wanted) {
  const auto one_way = [](const Address& side) {
    return side.kind->traffic == endpoint::Traffic::one_way;
  };
  if (wanted == Direction::both && (one_way(a) || one_way(b))) wanted = Direction::a_to_b;
  switch (wanted) {
    case Direction::a_to_b:
      return {wanted, Access::read, Access::write};
    case Direction::b_to_a:
      return {wanted, Access::write, Access::read};
    default:
      return {wanted, Access::both, Access::both};
  }
}

Task<Complaint> work(Session& session, const Address& a, const Address& b, Passage way,
                     ListenerPtr listener_a, ListenerPtr listener_b) {
  auto opening_a = session.open(the_only_one, a, way.a, std::move(listener_a));
  auto side_a = co_await as_result(std::move(opening_a));
  if (!side_a) co_return complaint_at(a, side_a.error());
  auto opening_b = session.open(the_only_one, b, way.b, std::move(listener_b));
  auto side_b = co_await as_result(std::move(opening_b));
  if (!side_b) co_return complaint_at(b, side_b.error());

  service::TransferSettings transfer = session.around().transfer;
  transfer.direction = way.direction;
  const service::Surroundings around{session.around().events, session.around().log,
                                     session.around().live, transfer, session.around().dump};
  service::JoinedSide joined_a(a, std::move(*side_a));
  service::JoinedSide joined_b(b, std::move(*side_b));
  auto joining = service::join(the_only_one, std::move(joined_a), std::move(joined_b), around);
  const service::JoinEnd end = co_await std::move(joining);
  Complaint done;
  if (end.child) done.status = service::command_status(end.child->shell_status());
  // A command that failed is the cause of what could not be delivered to it.
  if (done.status != ExitStatus::complete && end.relay.end.by != service::Side::self) {
    co_return done;
  }
  auto complaint = service::complaint_of(end, a.display(), b.display(), transfer);
  co_return complaint ? std::move(*complaint) : done;
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
  const auto file = os::open(address.path, os::OpenOptions{.read = true});
  if (!file) return std::nullopt;
  const auto size = os::file_size(file->get());
  const std::uint64_t start = address.size("seek").value_or(0);
  return size && start <= *size ? std::optional(*size - start) : std::nullopt;
}

Task<Complaint> join_once(Session& session, const Address& a, const Address& b,
                          Direction direction) {
  const Passage way = passage(a, b, direction);

  ListenerPtr listeners[2];
  std::vector<std::string> urls;
  const Address* const sides[2] = {&a, &b};
  for (int i = 0; i < 2; ++i) {
    if (sides[i]->role != endpoint::Role::listen) continue;
    auto listening = session.listen(*sides[i]);
    auto listener = co_await as_result(std::move(listening));
    if (!listener) co_return complaint_at(*sides[i], listener.error());
    listeners[i] = std::move(*listener);
    for (std::string& url : listeners[i]->urls()) urls.push_back(std::move(url));
  }
  if (auto complaint = session.announce(urls)) co_return std::move(*complaint);
  auto working = work(session, a, b, way, std::move(listeners[0]), std::move(listeners[1]));
  auto once = service::run_once(std::move(working), session.shutdown(), session.around());
  co_return co_await std::move(once);
}

}  // namespace fid::cli
