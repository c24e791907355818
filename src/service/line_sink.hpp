// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/clock.hpp>
#include <fid/base/handle.hpp>
#include <fid/base/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace fid::service {

/// Lines to a descriptor, each in one write, without ever waiting for the reader.
///
/// Shape: movable, owns a duplicate of its descriptor, whose mode it does not change; closed by
/// default. Used by one thread at a time, with SIGPIPE blocked (PipeSignalGuard, or a Reactor in
/// scope). A slow reader: lines wait in memory, in order, up to `room`; further ones are dropped
/// and counted. A vanished reader, or a full disk, closes it.
class LineSink {
 public:
  static constexpr std::size_t room = 1 << 20;

  LineSink() = default;
  LineSink(LineSink&&) noexcept = default;
  LineSink& operator=(LineSink&&) noexcept = default;
  /// Gives the reader a second to take what is left.
  ~LineSink();

  /// `-` is stdout, a number a descriptor that was inherited, anything else a file to append to.
  /// Children do not inherit the descriptor any more.
  static Result<LineSink> open(std::string_view where);

  bool is_open() const noexcept { return static_cast<bool>(handle_); }
  /// `line` ends with a line end.
  void write(std::string_view line);
  /// Writes what waits, until nothing does or the time is up.
  void flush(Duration timeout);
  /// Lines dropped since the last call.
  std::uint64_t take_dropped() noexcept;

 private:
  LineSink(Handle handle, bool is_file, bool is_socket)
      : handle_(std::move(handle)), is_file_(is_file), is_socket_(is_socket) {}

  std::size_t write_some(std::string_view text);

  Handle handle_;
  bool is_file_ = false;
  bool is_socket_ = false;
  std::string waiting_;
  std::uint64_t dropped_ = 0;
};

}  // namespace fid::service
