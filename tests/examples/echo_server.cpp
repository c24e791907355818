// SPDX-License-Identifier: MIT
// An echo server: sends every client back what it says, any number of clients at once.
//
//     echo_server 127.0.0.1:7007        and elsewhere: nc 127.0.0.1 7007
//
// All of it runs in one thread. INT and TERM end it.
#include <fid/base/error.hpp>
#include <fid/io/copy.hpp>
#include <fid/net/tcp_listener.hpp>
#include <fid/reactor/runtime.hpp>
#include <fid/reactor/signals.hpp>
#include <fid/reactor/sleep.hpp>
#include <fid/task/race.hpp>
#include <fid/task/task_group.hpp>

#include <chrono>
#include <iostream>
#include <string>
#include <utility>

using namespace std::chrono_literals;

// One client. `co_await` waits without holding up the others; if what it waits for fails, this task
// ends there with that error, and its connection with it.
fid::Task<void> echo(fid::TcpStream client) {
  // Reads no more while the client takes nothing, so that a slow one costs 8 KiB and no more.
  co_await fid::copy(client, client);
  // It has said all, and got it all back: now it is told that this was all.
  co_await client.shutdown();
}

fid::Task<void> serve(std::string where) {
  const fid::TcpListener listener = co_await fid::TcpListener::bind(where);
  std::cout << "listening on " << (co_await listener.local_addr()) << std::endl;

  fid::TaskGroup clients;  // ends with this function, and those that still run with it
  for (;;) {
    // as_result(): not the value, or the end of this task, but something to look at.
    auto accepted = co_await fid::as_result(listener.accept());
    if (accepted) {
      clients.add(echo(std::move(accepted->first)));
    } else {
      // The connection was lost, or there are too few descriptors: some clients will leave.
      std::cerr << fid::describe(accepted.error()) << '\n';
      co_await fid::sleep(100ms);
    }
  }
}

fid::Task<void> stop_signal() {
  fid::Signals signals =
      co_await fid::Signals::create(fid::Signal::interrupt | fid::Signal::terminate);
  co_await signals.next();
}

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: echo_server HOST:PORT\n";
    return 2;
  }
  // What ends first ends the race; the other is cancelled, with all that it has begun.
  const auto ended = fid::run([&] { return fid::race(stop_signal(), serve(argv[1])); });
  if (!ended) {
    std::cerr << "echo_server: " << fid::describe(ended.error()) << '\n';
    return 1;
  }
}
