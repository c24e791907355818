// SPDX-License-Identifier: MIT
//
// fid-floor splice|copy LISTEN TARGET: what a relay in user space costs at least on this machine.
// One thread, edge-triggered epoll, everything watched once, a write tried before it is waited for.
// No options, no limits, no half of a mistake handled: a yardstick, not a program to use.
#include "load/net.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace {

constexpr std::size_t chunk = 256 * 1024;
bool splicing = false;

struct Side {
  explicit Side(load::Fd opened) : socket(std::move(opened)) {}
  bool blocked() const { return in_pipe > 0 || !held.empty(); }

  load::Fd socket;
  struct Pair* pair = nullptr;
  bool hung_up = false;    // the end has been reported: read until it comes
  bool finished = false;   // the end was read and handed on
  std::vector<char> held;  // copying: read and not yet written
  std::array<int, 2> pipe{-1, -1};
  std::size_t in_pipe = 0;
};

// Returns false when the connection broke.
bool copy(Side& from, Side& to) {
  static std::array<char, chunk> buffer;
  if (!from.held.empty()) {
    const ssize_t sent = send(to.socket.get(), from.held.data(), from.held.size(), MSG_NOSIGNAL);
    if (sent < 0) return errno == EAGAIN;
    from.held.erase(from.held.begin(), from.held.begin() + sent);
    if (!from.held.empty()) return true;
  }
  while (!from.finished) {
    const ssize_t n = recv(from.socket.get(), buffer.data(), buffer.size(), 0);
    if (n < 0) return errno == EAGAIN;
    if (n == 0) {
      from.finished = true;
      return shutdown(to.socket.get(), SHUT_WR) == 0;
    }
    const ssize_t sent =
        send(to.socket.get(), buffer.data(), static_cast<std::size_t>(n), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) return false;
    if (sent < n) {
      from.held.assign(buffer.data() + std::max<ssize_t>(sent, 0), buffer.data() + n);
      return true;
    }
    // A short read has emptied the socket; another event will tell of more.
    if (static_cast<std::size_t>(n) < buffer.size() && !from.hung_up) return true;
  }
  return true;
}

bool splice_through(Side& from, Side& to) {
  if (from.pipe[0] < 0) {
    if (pipe2(from.pipe.data(), O_NONBLOCK | O_CLOEXEC) != 0) return false;
    fcntl(from.pipe[1], F_SETPIPE_SZ, chunk);
  }
  for (;;) {
    while (from.in_pipe > 0) {
      const ssize_t out = splice(from.pipe[0], nullptr, to.socket.get(), nullptr, from.in_pipe,
                                 SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
      if (out < 0) return errno == EAGAIN;
      from.in_pipe -= static_cast<std::size_t>(out);
    }
    if (from.finished) return true;
    const ssize_t in = splice(from.socket.get(), nullptr, from.pipe[1], nullptr, chunk,
                              SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
    if (in < 0) return errno == EAGAIN;
    if (in == 0) {
      from.finished = true;
      return shutdown(to.socket.get(), SHUT_WR) == 0;
    }
    from.in_pipe = static_cast<std::size_t>(in);
  }
}

struct Pair {
  Pair(load::Fd near_socket, load::Fd far_socket)
      : near(std::move(near_socket)), far(std::move(far_socket)) {
    near.pair = far.pair = this;
  }
  ~Pair() {
    for (const int end : {near.pipe[0], near.pipe[1], far.pipe[0], far.pipe[1]}) {
      if (end >= 0) close(end);
    }
  }

  // False once there is nothing more to relay. A direction that waits to read has nothing to do
  // when the other end becomes writable, so each event costs one attempt.
  bool relay(Side& ready, std::uint32_t events) {
    Side& opposite = &ready == &near ? far : near;
    const auto move = splicing ? splice_through : copy;
    if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) ready.hung_up = true;
    if ((events & ~EPOLLOUT) != 0 && !move(ready, opposite)) return false;
    if ((events & EPOLLOUT) != 0 && opposite.blocked() && !move(opposite, ready)) return false;
    return !(near.finished && far.finished && !near.blocked() && !far.blocked());
  }

  Side near;
  Side far;
  bool over = false;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  splicing = std::string_view(argv[1]) == "splice";
  const load::Fd listener = load::listen_at(load::parse_address(argv[2]));
  const load::Address target = load::parse_address(argv[3]);
  load::raise_descriptor_limit();
  load::Poller poller;
  poller.add(listener, EPOLLIN, nullptr);
  std::vector<std::unique_ptr<Pair>> over;  // events of the same turn may still speak of them
  for (;;) {
    for (const epoll_event& event : poller.wait()) {
      if (event.data.ptr == nullptr) {
        load::Fd near = load::accept_from(listener);
        if (!near) continue;
        auto* pair = new Pair(std::move(near), load::begin_connect(target));
        load::no_delay(pair->near.socket);
        for (Side* side : {&pair->near, &pair->far}) {
          poller.add(side->socket, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, side);
        }
        continue;
      }
      auto* side = static_cast<Side*>(event.data.ptr);
      Pair* pair = side->pair;
      if (pair->over || pair->relay(*side, event.events)) continue;
      pair->over = true;
      over.emplace_back(pair);
    }
    over.clear();
  }
}
