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
#include <system_error>
#include <vector>

namespace load {
namespace {

// Where conversations fail, so may thousands: beyond this share something is broken.
constexpr std::uint64_t tolerated_failures = 100;

// One conversation at a time, one after another:
//   begin() -> connecting -> [writable] request sent -> [readable] reply whole -> closed
class Caller {
 public:
  Caller(const Address& target, std::uint64_t seed, std::size_t size)
      : target_(target), reply_(size) {
    const auto request = bytes_of(request_);
    const auto content = pattern(seed, 0, size);
    message_.assign(request.begin(), request.end());
    message_.insert(message_.end(), content.begin(), content.end());
    reply_.resize(content.size());
  }

  void begin(Poller& poller) {
    begun_ = Clock::now();
    asked_ = false;
    received_ = 0;
    socket_ = begin_connect(target_);
    poller.add(socket_, EPOLLIN | EPOLLOUT | EPOLLET, this);
  }

  enum class State { going, answered, failed };

  State go_on(std::uint32_t events) {
    if (!asked_ && (events & EPOLLOUT) != 0) {
      // A small message on a new connection: its buffer has room for all of it.
      const ssize_t sent = send(socket_.get(), message_.data(), message_.size(), MSG_NOSIGNAL);
      if (sent != static_cast<ssize_t>(message_.size())) return State::failed;
      asked_ = true;
    }
    if ((events & (EPOLLIN | EPOLLERR | EPOLLHUP)) == 0) return State::going;
    for (;;) {
      const ssize_t n =
          recv(socket_.get(), reply_.data() + received_, reply_.size() - received_, 0);
      if (n < 0 && errno == EAGAIN) return State::going;
      if (n <= 0) return State::failed;
      received_ += static_cast<std::size_t>(n);
      if (received_ == reply_.size()) return check();
    }
  }

  std::chrono::nanoseconds end() {
    socket_.reset();
    return Clock::now() - begun_;
  }

 private:
  State check() const {
    if (!std::equal(reply_.begin(), reply_.end(), message_.begin() + sizeof(Request))) {
      throw std::runtime_error("a reply differs from the request");
    }
    return State::answered;
  }

  const Address& target_;
  Request request_;
  std::vector<char> message_;
  std::vector<char> reply_;
  std::size_t received_ = 0;
  bool asked_ = false;
  Fd socket_;
  Clock::time_point begun_;
};

}  // namespace

Report connect_close(const Address& target, const Options& options) {
  constexpr std::size_t longest = 16 * 1024;
  if (options.size > longest) throw std::invalid_argument("--size: at most 16384 here");
  std::deque<Caller> callers;
  for (std::uint64_t seed = 0; seed < options.connections; ++seed) {
    callers.emplace_back(target, seed, options.size);
  }
  const std::uint64_t wanted =
      options.count != 0 ? options.count : std::numeric_limits<std::uint64_t>::max();
  Poller poller;
  Histogram latency;
  std::uint64_t failures = 0;
  const Clock::time_point start = Clock::now();
  const Clock::time_point deadline =
      options.duration.count() != 0 ? start + options.duration : Clock::time_point::max();
  std::uint64_t begun = 0;
  std::size_t open = 0;
  for (Caller& caller : callers) {
    if (begun == wanted) break;
    caller.begin(poller);
    ++begun;
    ++open;
  }
  while (open > 0) {
    for (const epoll_event& event : poller.wait()) {
      auto& caller = *static_cast<Caller*>(event.data.ptr);
      const Caller::State state = caller.go_on(event.events);
      if (state == Caller::State::going) continue;
      const std::chrono::nanoseconds took = caller.end();
      if (state == Caller::State::answered) {
        latency.record(took);
      } else if (++failures > tolerated_failures) {
        throw std::runtime_error("more than 100 conversations failed");
      }
      if (begun < wanted && Clock::now() < deadline) {
        caller.begin(poller);
        ++begun;
      } else {
        --open;
      }
    }
  }
  const double seconds = seconds_between(start, Clock::now());
  return Report()
      .add("conversations", latency.count())
      .add("failures", failures)
      .add("seconds", seconds)
      .add("per_s", static_cast<double>(latency.count()) / seconds)
      .add(latency);
}

}  // namespace load
