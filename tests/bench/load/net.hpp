// SPDX-License-Identifier: MIT
#pragma once

#include <sys/epoll.h>
#include <sys/socket.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The load program's own plain sockets. It measures libfid, so it must not be built on it.
namespace load {

/// Sole owner of a descriptor.  close(2)
class Fd {
 public:
  explicit Fd(int fd = -1) noexcept : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd() { reset(); }

  int get() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }
  void reset() noexcept;

 private:
  int fd_;
};

/// An Internet or Unix address, as the kernel wants it.  ip(7), unix(7)
struct Address {
  sockaddr_storage storage{};
  socklen_t length = 0;

  int family() const noexcept { return storage.ss_family; }
  const sockaddr* raw() const noexcept { return reinterpret_cast<const sockaddr*>(&storage); }
  /// Of a Unix address; empty for others.
  std::string path() const;
};

/// Reads `tcp:127.0.0.1:80` or `unix:/path`; throws std::invalid_argument.
Address parse_address(std::string_view text);
std::string to_string(const Address& address);

/// The system call's result, or std::system_error with its name: in a measuring tool, whatever
/// was not foreseen ends the run.
long checked(long result, const char* call);

/// A socket that does not block, with the congestion control pinned where it has one.
Fd stream_socket(int family);
Fd listen_at(const Address& address);
Address local_address(const Fd& socket);

/// The next connection, or none if nobody waits.
Fd accept_from(const Fd& listener);
/// Begins to connect; writable once that is done.
Fd begin_connect(const Address& address);
/// Connects, waiting as long as it takes. The socket does not block afterwards.
Fd connect_to(const Address& address);
void no_delay(const Fd& socket);

/// Sends or receives all of it, waiting as needed. receive_all() throws at an early end.
void send_all(const Fd& socket, std::span<const char> data);
void receive_all(const Fd& socket, std::span<char> into);

/// What TCP sockets made here use, as the kernel says: "cubic" unless it refused.
std::string congestion_control();

/// As many descriptors as the hard limit allows.  setrlimit(2)
void raise_descriptor_limit();

/// A level-triggered epoll set.  epoll(7)
class Poller {
 public:
  Poller();
  void add(const Fd& fd, std::uint32_t events, void* owner);
  void change(const Fd& fd, std::uint32_t events, void* owner);
  void remove(const Fd& fd);
  /// Negative: without a limit. Milliseconds.
  std::span<const epoll_event> wait(int timeout = -1);

 private:
  Fd epoll_;
  std::vector<epoll_event> events_;
};

}  // namespace load
