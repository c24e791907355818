// SPDX-License-Identifier: MIT
#include "load/modes.hpp"
#include "load/request.hpp"

#include <unistd.h>

#include <array>
#include <iostream>
#include <vector>

namespace load {

void idle(const Address& target, const Options& options) {
  std::vector<Fd> held;
  held.reserve(options.connections);
  constexpr std::array<char, 5> ping = {'h', 'e', 'l', 'l', 'o'};
  for (std::size_t i = 0; i < options.connections; ++i) {
    Fd& socket = held.emplace_back(connect_to(target));
    send_all(socket, bytes_of(Request{}));
    // An echo proves that the relay has both sides of this connection open.
    send_all(socket, ping);
    std::array<char, ping.size()> echo{};
    receive_all(socket, echo);
  }
  std::cout << Report().add("open", std::uint64_t{held.size()}).text() << std::endl;
  char ignored;
  while (read(STDIN_FILENO, &ignored, 1) > 0) {
  }
}

}  // namespace load
