// SPDX-License-Identifier: MIT
// Shows what is written to a FIFO, by one writer after another: mkfifo log; fifo_tail log
#include <fid/base/error.hpp>
#include <fid/io/copy.hpp>
#include <fid/net/pipe.hpp>
#include <fid/reactor/runtime.hpp>
#include <fid/sys/std_stream.hpp>

#include <iostream>
#include <string>

fid::Task<void> tail(std::string path) {
  // Opened for writing too, though nothing is written: so it does not end when a writer leaves.
  fid::pipe::Receiver fifo = co_await fid::pipe::OpenOptions().read_write(true).open_receiver(path);
  const fid::WriterPtr output = co_await fid::inherited_writer(1);
  // Whoever writes to the FIFO waits while our output takes nothing: nothing is dropped.
  co_await fid::copy(fifo, *output);
}

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: fifo_tail FIFO\n";
    return 2;
  }
  const auto ended = fid::run([&] { return tail(argv[1]); });
  std::cerr << "fifo_tail: " << argv[1] << ": " << fid::describe(ended.error()) << '\n';
  return 1;
}
