// SPDX-License-Identifier: MIT
#include "load/clock.hpp"
#include "load/modes.hpp"
#include "load/request.hpp"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <limits>
#include <stdexcept>
#include <thread>
#include <vector>

namespace load {
namespace {

constexpr auto patience = std::chrono::seconds(5);
constexpr suseconds_t quiet_us = 200'000;

struct Received {
  std::uint64_t messages = 0;
  Clock::time_point last;
};

Fd datagram_socket() {
  return Fd(static_cast<int>(checked(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket")));
}

/// Connects once the relay has bound its path.
Fd connect_patiently(const Address& target) {
  Fd sender = datagram_socket();
  const Clock::time_point deadline = Clock::now() + patience;
  while (connect(sender.get(), target.raw(), target.length) != 0) {
    if ((errno != ENOENT && errno != ECONNREFUSED) || Clock::now() > deadline) {
      checked(-1, "connect");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return sender;
}

/// Messages carry their number, and must arrive in order, each whole and once.
Received receive(const Fd& socket, std::size_t size, const std::atomic<std::uint64_t>& sent) {
  Received result;
  std::vector<char> buffer(size + 1);
  while (result.messages < sent) {
    const ssize_t n = recv(socket.get(), buffer.data(), buffer.size(), 0);
    if (n < 0 && errno == EAGAIN) {
      if (sent != std::numeric_limits<std::uint64_t>::max()) break;  // the rest is lost
      continue;
    }
    if (static_cast<std::size_t>(checked(n, "recv")) != size) {
      throw std::runtime_error("a datagram's boundaries were not kept");
    }
    std::uint64_t number = 0;
    std::memcpy(&number, buffer.data(), sizeof number);
    if (number < result.messages) throw std::runtime_error("datagrams out of order, or doubled");
    ++result.messages;
    result.last = Clock::now();
  }
  return result;
}

}  // namespace

Report datagram(const Address& target, const Options& options) {
  const Address at = parse_address(options.at);
  if (at.family() != AF_UNIX || target.family() != AF_UNIX) {
    throw std::invalid_argument("datagram takes Unix addresses");
  }
  if (options.size < sizeof(std::uint64_t)) throw std::invalid_argument("--size: at least 8 here");
  const Fd receiver = datagram_socket();
  const timeval quiet{0, quiet_us};
  checked(setsockopt(receiver.get(), SOL_SOCKET, SO_RCVTIMEO, &quiet, sizeof quiet), "setsockopt");
  checked(bind(receiver.get(), at.raw(), at.length), "bind");
  // Relays may want this end first, and bind theirs after it.
  std::cout << Report().add("address", to_string(at)).text() << std::endl;
  const Fd sender = connect_patiently(target);

  std::atomic<std::uint64_t> sent{std::numeric_limits<std::uint64_t>::max()};  // not known yet
  Received received;
  std::exception_ptr failure;
  std::thread receiving([&] {
    try {
      received = receive(receiver, options.size, sent);
    } catch (...) {
      failure = std::current_exception();
    }
  });

  const std::uint64_t wanted =
      options.count != 0 ? options.count : std::numeric_limits<std::uint64_t>::max() - 1;
  std::vector<char> message(options.size);
  const Clock::time_point start = Clock::now();
  const Clock::time_point deadline =
      options.duration.count() != 0 ? start + options.duration : Clock::time_point::max();
  std::uint64_t number = 0;
  int broken = 0;
  for (; number < wanted && Clock::now() < deadline; ++number) {
    std::memcpy(message.data(), &number, sizeof number);
    // Blocks while the queue behind it is full: nothing needs to be lost.
    if (send(sender.get(), message.data(), message.size(), MSG_NOSIGNAL) < 0) {
      broken = errno;
      break;
    }
  }
  sent = number;
  receiving.join();
  unlink(at.path().c_str());
  if (broken != 0) throw std::system_error(broken, std::system_category(), "send");
  if (failure) std::rethrow_exception(failure);

  const double seconds = seconds_between(start, received.last);
  return Report()
      .add("messages", received.messages)
      .add("lost", number - received.messages)
      .add("seconds", seconds)
      .add("per_s", static_cast<double>(received.messages) / seconds);
}

}  // namespace load
