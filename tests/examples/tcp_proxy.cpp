// SPDX-License-Identifier: MIT
// A TCP proxy in 30 lines: tcp_proxy 127.0.0.1:8080 example.org:80
#include <fid/base/error.hpp>
#include <fid/io/copy_bidirectional.hpp>
#include <fid/net/connect_any.hpp>
#include <fid/net/tcp_listener.hpp>
#include <fid/reactor/runtime.hpp>
#include <fid/reactor/sleep.hpp>
#include <fid/task/task_group.hpp>

#include <iostream>

// The end of one side's stream is passed on while the other direction goes on; neither side is read
// faster than the other takes it; an error of either ends both.
fid::Task<void> relay(fid::TcpStream client, std::string to) {
  fid::TcpStream server = co_await fid::connect_any(to);
  co_await fid::copy_bidirectional(client, server);
}

fid::Task<void> serve(std::string at, std::string to) {
  const fid::TcpListener listener = co_await fid::TcpListener::bind(at);
  std::cout << "listening on " << (co_await listener.local_addr()) << std::endl;
  fid::TaskGroup relays;
  for (;;) {
    auto accepted = co_await fid::as_result(listener.accept());
    if (accepted) relays.add(relay(std::move(accepted->first), to));
    if (!accepted) co_await fid::sleep(std::chrono::milliseconds(100));  // too few descriptors
  }
}

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const auto ended = fid::run([&] { return serve(argv[1], argv[2]); });
  std::cerr << "tcp_proxy: " << fid::describe(ended.error()) << '\n';
  return 1;
}
