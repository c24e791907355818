// SPDX-License-Identifier: MIT
#include <fid/base/error.hpp>
#include <fid/net/connect_any.hpp>
#include <fid/net/lookup_host.hpp>
#include <fid/reactor/sleep.hpp>
#include <fid/task/event.hpp>
#include <fid/task/race.hpp>
#include <fid/task/task_group.hpp>

#include <algorithm>
#include <optional>

namespace fid {
namespace {

/// Says only that there is no way from here, which is true of IPv6 on many machines.
bool says_little(const Error& error) noexcept {
  for (const std::errc dull :
       {std::errc::network_unreachable, std::errc::host_unreachable,
        std::errc::address_family_not_supported, std::errc::address_not_available}) {
    if (error.code == dull) return true;
  }
  return false;
}

/// What the attempts have come to; outlives them.
class Outcome {
 public:
  void connected(TcpStream stream) {
    if (!winner_) winner_.emplace(std::move(stream));
    changed_.set();
  }
  void failed(const Error& error) {
    if (!failure_ || says_little(*failure_) || !says_little(error)) failure_ = error;
    changed_.set();
  }

  bool has_winner() const noexcept { return winner_.has_value(); }
  TcpStream take_winner() { return *std::move(winner_); }
  const Error& failure() const noexcept { return *failure_; }

  /// Until one more attempt has ended.
  Task<void> next_change() {
    co_await changed_.wait();
    changed_.reset();
  }

 private:
  std::optional<TcpStream> winner_;
  std::optional<Error> failure_;
  Event changed_;
};

Task<TcpStream> connect_to(SocketAddr address, const ConnectOptions& options) {
  TcpSocket socket = co_await TcpSocket::new_for(address);
  if (options.set_up()) co_await options.set_up()(socket, address);
  co_return co_await std::move(socket).connect(address);
}

Task<void> attempt(SocketAddr address, const ConnectOptions& options, Outcome& outcome) {
  auto stream = co_await as_result(connect_to(address, options));
  if (stream) {
    outcome.connected(*std::move(stream));
  } else {
    outcome.failed(stream.error());
  }
}

}  // namespace

std::vector<SocketAddr> interleave_families(const std::vector<SocketAddr>& addresses) {
  std::vector<SocketAddr> first;
  std::vector<SocketAddr> second;
  for (const SocketAddr& address : addresses) {
    (address.family() == addresses.front().family() ? first : second).push_back(address);
  }
  std::vector<SocketAddr> order;
  for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
    if (i < first.size()) order.push_back(first[i]);
    if (i < second.size()) order.push_back(second[i]);
  }
  return order;
}

Task<TcpStream> connect_any(AddressList to, ConnectOptions options) {
  std::vector<SocketAddr> found;
  if (auto known = to.known()) {
    found = co_await *std::move(known);
  } else {
    found = co_await lookup_host(std::move(to));
  }
  if (found.empty()) co_return fail(Errc::no_address, "connect");
  if (found.size() == 1) co_return co_await connect_to(found.front(), options);
  const auto addresses = interleave_families(found);
  Outcome outcome;
  TaskGroup attempts;
  for (const SocketAddr& address : addresses) {
    attempts.add(attempt(address, options, outcome));
    // The last one is waited for below: nothing is left to start.
    if (&address == &addresses.back()) break;
    co_await race(outcome.next_change(), sleep(options.attempt_delay()));
    if (outcome.has_winner()) co_return outcome.take_winner();
  }
  while (!outcome.has_winner() && !attempts.empty()) co_await outcome.next_change();
  if (outcome.has_winner()) co_return outcome.take_winner();
  co_return fail(outcome.failure());
}

}  // namespace fid
