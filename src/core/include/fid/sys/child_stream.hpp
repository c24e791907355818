// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/os.hpp>
#include <fid/io/stream.hpp>
#include <fid/sys/process.hpp>

#include <cstdint>

namespace fid {

/// How a child's standard input and output reach us.
enum class ChildIo : std::uint8_t {
  /// Two pipes, as from a shell, and the default: programs may open /dev/stdin again, which a
  /// socket refuses, and see the usual kind of end. Ending the stream closes the child's input
  /// while its output is still read.
  pipes,
  /// One socket for both, for programs that read and write the same descriptor. Ending the stream
  /// shuts it down one way.
  socket,
};

/// How a child is joined to a stream.
struct ChildJoin {
  ChildIo io = ChildIo::pipes;
  /// What the stream is for, whatever `io` says: an output that is not wanted stays ours, as of
  /// any child; an input that is not wanted is the null device, so that nobody reads ours.
  os::Access sides = {true, true};
  /// Its standard error goes where its standard output goes.
  bool errors_too = false;
};

/// A running child and the stream to its standard input and from its standard output.
struct ChildStream {
  ChildStream(Process child, StreamPtr to_child)
      : process(std::move(child)), stream(std::move(to_child)) {}
  Process process;
  StreamPtr stream;
};

/// Starts a child and joins its standard input and output to a stream. Fails as Process::start().
///
/// A child that leaves processes behind which keep its output open keeps the stream open too.
Result<ChildStream> start_with_stream(ProcessOptions options, ChildJoin join = {});

}  // namespace fid
