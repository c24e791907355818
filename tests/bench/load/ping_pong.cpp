// SPDX-License-Identifier: MIT
#include "load/clock.hpp"
#include "load/modes.hpp"
#include "load/pattern.hpp"
#include "load/request.hpp"

#include <algorithm>
#include <cerrno>
#include <deque>
#include <limits>
#include <stdexcept>
#include <vector>

namespace load {
namespace {

class Player {
 public:
  Player(const Address& target, std::uint64_t seed, std::size_t size)
      : socket_(connect_to(target)), reply_(size) {
    const std::span<const char> content = pattern(seed, 0, size);
    message_.assign(content.begin(), content.end());
    message_.resize(size);
    send_all(socket_, bytes_of(Request{}));
    // The first round trip makes the relay connect; it is not counted.
    send_all(socket_, message_);
    receive_all(socket_, reply_);
  }

  const Fd& socket() const noexcept { return socket_; }

  void serve(Clock::time_point now) {
    served_ = now;
    received_ = 0;
    send_all(socket_, message_);
  }

  /// Takes what has come back; true if that is all of it.
  bool take() {
    const ssize_t n = recv(socket_.get(), reply_.data() + received_, reply_.size() - received_, 0);
    if (n < 0 && errno == EAGAIN) return false;
    if (checked(n, "recv") == 0) throw std::runtime_error("a connection ended early");
    received_ += static_cast<std::size_t>(n);
    if (received_ < reply_.size()) return false;
    if (reply_ != message_) throw std::runtime_error("an echo differs from what was sent");
    return true;
  }

  std::chrono::nanoseconds waited(Clock::time_point now) const { return now - served_; }

 private:
  Fd socket_;
  std::vector<char> message_;
  std::vector<char> reply_;
  std::size_t received_ = 0;
  Clock::time_point served_;
};

}  // namespace

Report ping_pong(const Address& target, const Options& options) {
  std::deque<Player> players;
  for (std::uint64_t seed = 0; seed < options.connections; ++seed) {
    players.emplace_back(target, seed, std::min(options.size, longest_pattern));
  }
  Poller poller;
  for (Player& player : players) poller.add(player.socket(), EPOLLIN, &player);

  const std::uint64_t wanted =
      options.count != 0 ? options.count : std::numeric_limits<std::uint64_t>::max();
  const Clock::time_point start = Clock::now();
  const Clock::time_point deadline =
      options.duration.count() != 0 ? start + options.duration : Clock::time_point::max();
  Histogram latency;
  std::uint64_t begun = 0;
  std::size_t in_flight = 0;
  for (Player& player : players) {
    if (begun == wanted) break;
    player.serve(Clock::now());
    ++begun;
    ++in_flight;
  }
  while (in_flight > 0) {
    for (const epoll_event& event : poller.wait()) {
      auto& player = *static_cast<Player*>(event.data.ptr);
      if (!player.take()) continue;
      const Clock::time_point now = Clock::now();
      latency.record(player.waited(now));
      if (begun < wanted && now < deadline) {
        player.serve(now);
        ++begun;
      } else {
        --in_flight;
      }
    }
  }
  const double seconds = seconds_between(start, Clock::now());
  return Report()
      .add("round_trips", latency.count())
      .add("seconds", seconds)
      .add("per_s", static_cast<double>(latency.count()) / seconds)
      .add(latency);
}

}  // namespace load
