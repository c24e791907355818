// SPDX-License-Identifier: MIT
#include "load/net.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace load {
namespace {

constexpr std::string_view pinned_congestion_control = "cubic";
constexpr int backlog = 4096;

void enable(const Fd& socket, int level, int name) {
  const int on = 1;
  checked(setsockopt(socket.get(), level, name, &on, sizeof on), "setsockopt");
}

Address tcp_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  sockaddr_in in{};
  in.sin_family = AF_INET;
  if (colon == std::string_view::npos ||
      inet_pton(AF_INET, std::string(text.substr(0, colon)).c_str(), &in.sin_addr) != 1) {
    throw std::invalid_argument("not an IPv4 address and port: " + std::string(text));
  }
  const std::string_view digits = text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc{} || end != digits.data() + digits.size()) {
    throw std::invalid_argument("not a port: " + std::string(digits));
  }
  in.sin_port = htons(port);
  Address address;
  std::memcpy(&address.storage, &in, sizeof in);
  address.length = sizeof in;
  return address;
}

Address unix_address(std::string_view path) {
  sockaddr_un un{};
  un.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof un.sun_path) {
    throw std::invalid_argument("not a socket's path: " + std::string(path));
  }
  path.copy(un.sun_path, path.size());
  Address address;
  std::memcpy(&address.storage, &un, sizeof un);
  address.length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + 1);
  return address;
}

void set_blocking(const Fd& socket, bool blocking) {
  const int flags = static_cast<int>(checked(fcntl(socket.get(), F_GETFL), "fcntl"));
  checked(fcntl(socket.get(), F_SETFL, blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK),
          "fcntl");
}

void wait_for(const Fd& socket, short events) {
  pollfd entry{socket.get(), events, 0};
  while (poll(&entry, 1, -1) < 0) {
    if (errno != EINTR) checked(-1, "poll");
  }
}

}  // namespace

void Fd::reset() noexcept {
  if (fd_ >= 0) close(std::exchange(fd_, -1));
}

std::string Address::path() const {
  if (family() != AF_UNIX || length <= offsetof(sockaddr_un, sun_path)) return {};
  return reinterpret_cast<const sockaddr_un*>(&storage)->sun_path;
}

Address parse_address(std::string_view text) {
  if (text.starts_with("tcp:")) return tcp_address(text.substr(4));
  if (text.starts_with("unix:")) return unix_address(text.substr(5));
  throw std::invalid_argument("write tcp:HOST:PORT or unix:PATH, not " + std::string(text));
}

std::string to_string(const Address& address) {
  if (address.family() == AF_UNIX) return "unix:" + address.path();
  sockaddr_in in{};
  std::memcpy(&in, &address.storage, sizeof in);
  char host[INET_ADDRSTRLEN];
  inet_ntop(AF_INET, &in.sin_addr, host, sizeof host);
  return "tcp:" + std::string(host) + ":" + std::to_string(ntohs(in.sin_port));
}

long checked(long result, const char* call) {
  if (result < 0) throw std::system_error(errno, std::system_category(), call);
  return result;
}

Fd stream_socket(int family) {
  Fd made(static_cast<int>(
      checked(socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket")));
  if (family == AF_INET) {
    // Refused where the module is not there: congestion_control() tells.
    setsockopt(made.get(), IPPROTO_TCP, TCP_CONGESTION, pinned_congestion_control.data(),
               pinned_congestion_control.size());
  }
  return made;
}

Fd listen_at(const Address& address) {
  Fd listener = stream_socket(address.family());
  if (address.family() == AF_INET) enable(listener, SOL_SOCKET, SO_REUSEADDR);
  checked(bind(listener.get(), address.raw(), address.length), "bind");
  checked(listen(listener.get(), backlog), "listen");
  return listener;
}

Address local_address(const Fd& socket) {
  Address address;
  address.length = sizeof address.storage;
  checked(getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address.storage), &address.length),
          "getsockname");
  return address;
}

Fd accept_from(const Fd& listener) {
  Fd accepted(accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!accepted && errno != EAGAIN && errno != ECONNABORTED) checked(-1, "accept");
  return accepted;
}

Fd begin_connect(const Address& address) {
  Fd socket = stream_socket(address.family());
  if (address.family() == AF_UNIX) {
    // A full backlog would be EAGAIN, and no event tells when it has room: connect waits instead.
    set_blocking(socket, true);
    checked(connect(socket.get(), address.raw(), address.length), "connect");
    set_blocking(socket, false);
    return socket;
  }
  no_delay(socket);
  if (connect(socket.get(), address.raw(), address.length) != 0 && errno != EINPROGRESS) {
    checked(-1, "connect");
  }
  return socket;
}

Fd connect_to(const Address& address) {
  Fd socket = begin_connect(address);
  wait_for(socket, POLLOUT);
  int failure = 0;
  socklen_t size = sizeof failure;
  checked(getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &failure, &size), "getsockopt");
  if (failure != 0) throw std::system_error(failure, std::system_category(), "connect");
  return socket;
}

void no_delay(const Fd& socket) {
  if (local_address(socket).family() == AF_INET) enable(socket, IPPROTO_TCP, TCP_NODELAY);
}

void send_all(const Fd& socket, std::span<const char> data) {
  while (!data.empty()) {
    const ssize_t sent = send(socket.get(), data.data(), data.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      data = data.subspan(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN) {
      wait_for(socket, POLLOUT);
    } else {
      checked(-1, "send");
    }
  }
}

void receive_all(const Fd& socket, std::span<char> into) {
  while (!into.empty()) {
    const ssize_t received = recv(socket.get(), into.data(), into.size(), 0);
    if (received == 0) throw std::runtime_error("the connection ended early");
    if (received > 0) {
      into = into.subspan(static_cast<std::size_t>(received));
    } else if (errno == EAGAIN) {
      wait_for(socket, POLLIN);
    } else {
      checked(-1, "recv");
    }
  }
}

std::string congestion_control() {
  const Fd socket = stream_socket(AF_INET);
  char name[16] = {};
  socklen_t size = sizeof name - 1;
  checked(getsockopt(socket.get(), IPPROTO_TCP, TCP_CONGESTION, name, &size), "getsockopt");
  return name;
}

void raise_descriptor_limit() {
  rlimit limit{};
  checked(getrlimit(RLIMIT_NOFILE, &limit), "getrlimit");
  limit.rlim_cur = limit.rlim_max;
  checked(setrlimit(RLIMIT_NOFILE, &limit), "setrlimit");
}

Poller::Poller()
    : epoll_(static_cast<int>(checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1"))),
      events_(256) {}

void Poller::add(const Fd& fd, std::uint32_t events, void* owner) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = owner;
  checked(epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd.get(), &event), "epoll_ctl");
}

void Poller::change(const Fd& fd, std::uint32_t events, void* owner) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = owner;
  checked(epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd.get(), &event), "epoll_ctl");
}

void Poller::remove(const Fd& fd) {
  checked(epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd.get(), nullptr), "epoll_ctl");
}

std::span<const epoll_event> Poller::wait(int timeout) {
  const int count =
      epoll_wait(epoll_.get(), events_.data(), static_cast<int>(events_.size()), timeout);
  if (count < 0 && errno != EINTR) checked(-1, "epoll_wait");
  return {events_.data(), count < 0 ? 0U : static_cast<std::size_t>(count)};
}

}  // namespace load
