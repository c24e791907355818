// SPDX-License-Identifier: MIT
// A UDP echo server: sends each datagram back to whom it is from.
//
//     udp_echo 127.0.0.1:7007           and elsewhere: socat - UDP:127.0.0.1:7007
#include <fid/base/error.hpp>
#include <fid/net/udp_socket.hpp>
#include <fid/reactor/runtime.hpp>

#include <iostream>
#include <string>

// A datagram is never longer than this.
constexpr std::size_t longest = 65535;

fid::Task<void> echo(std::string where) {
  fid::UdpSocket socket = co_await fid::UdpSocket::bind(where);
  std::cout << "listening on " << (co_await socket.local_addr()) << std::endl;

  fid::Buffer buffer(longest);
  for (;;) {
    const auto [size, sender] = co_await socket.recv_from(buffer);
    // Waits while there is no room to send; what arrives meanwhile is queued by the system, and
    // dropped once that is full, as UDP may.
    const auto sent =
        co_await fid::as_result(socket.send_to(fid::Bytes(buffer).first(size), sender));
    // That one sender cannot be reached is no reason to leave the others.
    if (!sent) std::cerr << sender.to_string() << ": " << fid::describe(sent.error()) << '\n';
  }
}

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: udp_echo HOST:PORT\n";
    return 2;
  }
  const auto ended = fid::run([&] { return echo(argv[1]); });
  std::cerr << "udp_echo: " << fid::describe(ended.error()) << '\n';
  return 1;
}
