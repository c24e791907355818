// SPDX-License-Identifier: MIT
// A logger: writes each message sent to a Unix datagram socket as a line, and who sent it.
//
//     unix_logger /tmp/log              and elsewhere: logger --socket /tmp/log hello
//
// INT and TERM end it; the socket's file is removed then.
#include <fid/base/error.hpp>
#include <fid/io/ops.hpp>
#include <fid/net/unix_datagram.hpp>
#include <fid/reactor/runtime.hpp>
#include <fid/reactor/signals.hpp>
#include <fid/sys/std_stream.hpp>
#include <fid/task/race.hpp>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <string>
#include <utility>

// `uid=1000 gid=1000 pid=4242: message`: ids as the kernel tells them, nobody can forge them.
std::string line_of(const fid::Delivery& got, fid::Bytes message) {
  std::string text(fid::as_text(message));
  // What is in a message must not look like the next line.
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < ' '; }, ' ');
  if (got.cut) text += " (cut)";
  return (got.sender ? got.sender->to_string() : "unknown") + ": " + text + '\n';
}

fid::Task<void> log(std::string path) {
  fid::Signals signals =
      co_await fid::Signals::create(fid::Signal::interrupt | fid::Signal::terminate);
  const fid::WriterPtr output = co_await fid::inherited_writer(1);
  fid::UnixDatagram socket = co_await fid::UnixDatagram::bind(path);
  co_await socket.set_passes_credentials(true);
  std::cerr << "listening on " << path << std::endl;

  fid::Buffer buffer(8192);
  for (;;) {
    // A receive that is cancelled has taken nothing, a write may have written half a line: so only
    // the former is raced with the signal.
    auto next = fid::race(socket.recv_with(buffer, 0), signals.next());
    auto first = co_await std::move(next);
    if (first.index() == 1) break;
    const fid::Delivery& got = std::get<0>(first);
    const std::string line = line_of(got, fid::Bytes(buffer).first(got.size));
    // While our output takes nothing, messages queue up in the socket, and then the senders wait.
    co_await fid::write_all(*output, fid::as_bytes(line));
    co_await output->flush();
  }
  std::filesystem::remove(path);
}

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: unix_logger PATH\n";
    return 2;
  }
  const auto ended = fid::run([&] { return log(argv[1]); });
  if (!ended) {
    std::cerr << "unix_logger: " << fid::describe(ended.error()) << '\n';
    return 1;
  }
}
