// SPDX-License-Identifier: MIT
// Sends a line to itself over TCP.
#include <fid/base/error.hpp>
#include <fid/io/ops.hpp>
#include <fid/net/tcp_listener.hpp>
#include <fid/reactor/runtime.hpp>

#include <iostream>
#include <string>

fid::Task<std::string> line_over_tcp() {
  const fid::TcpListener listener = co_await fid::TcpListener::bind("127.0.0.1:0");
  const fid::SocketAddr where = co_await listener.local_addr();
  fid::TcpStream near = co_await fid::TcpStream::connect(where);
  auto [far, peer] = co_await listener.accept();
  co_await fid::write_all(near, fid::as_bytes("there and back"));
  co_await near.shutdown();
  fid::Buffer line;
  co_await fid::read_to_end(far, line);
  co_return std::string(fid::as_text(line));
}

int main() {
  const auto line = fid::run(line_over_tcp);
  if (!line) {
    std::cerr << fid::describe(line.error()) << '\n';
    return 1;
  }
  std::cout << *line << '\n';
}
