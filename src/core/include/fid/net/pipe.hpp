// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/caller.hpp>
#include <fid/base/handle.hpp>
#include <fid/base/os.hpp>
#include <fid/io/raw_io.hpp>
#include <fid/io/read_write.hpp>
#include <fid/io/vectored.hpp>
#include <fid/reactor/registration.hpp>

#include <string>
#include <utility>

/// Pipes and FIFOs: one direction each.  pipe(7), fifo(7)
namespace fid::pipe {

/// The writing end.
///
/// Shape: movable, sole owner of its handle; lives on the reactor of the thread that made it.
/// Writes of up to PIPE_BUF bytes are whole or not at all. Once no reader is left they fail with
/// broken_pipe, and raise no signal. flush() and shutdown() do nothing: only closing ends the
/// stream for the reader.
/// Cancellation: a cancelled write has written nothing.
class Sender final : public Writes<Sender> {
 public:
  /// Adopts the writing end of a pipe or FIFO and makes it non-blocking, for every duplicate of it
  /// too. Fails with invalid_argument for anything else.
  static Result<Sender> from_native(Handle handle, Caller caller = Caller::here());
  /// The same without a check or a change: the caller vouches for all three.
  static Result<Sender> from_native_unchecked(Handle handle, Caller caller = Caller::here());
  /// Gives the handle up, blocking: for a child process. Duplicates of it change too.
  Result<Handle> into_blocking_fd() &&;
  /// Gives the handle up as it is.
  Result<Handle> into_nonblocking_fd() && { return std::move(io_).release(); }

  /// Waits for any of some states; write_closed says that there is no reader.
  ReadyOp ready(Interest interest) const noexcept { return {io_.readiness(), interest}; }
  /// Calls `call` once if there may be room; see RawIo.
  template <class F>
  auto try_io(F call) {
    return try_when_ready(io_.readiness(), Interest::writable, std::move(call));
  }

  /// Borrowed: neither to be closed nor to be made blocking.
  Native native() const noexcept { return io_.native(); }

  std::string to_string() const;

  Result<std::size_t> attempt_write(Bytes from) noexcept { return os::write(native(), from); }
  Result<std::size_t> attempt_write_vectored(WritePieces from) noexcept {
    return os::writev(native(), from);
  }
  Result<void> attempt_flush() noexcept { return {}; }
  Result<void> attempt_shutdown() noexcept { return {}; }
  Readiness& write_readiness() const noexcept { return io_.readiness(); }

 private:
  explicit Sender(Registration io) noexcept : io_(std::move(io)) {}

  Registration io_;
};

/// The reading end.
///
/// Shape: movable, sole owner of its handle; lives on the reactor of the thread that made it.
/// Before there was a writer, reading waits. Once every writer is gone it gives 0; on a FIFO that
/// is not final: a new writer makes it readable again, but until then every read gives 0 at once.
/// OpenOptions::read_write() avoids that.
/// Cancellation: a cancelled read has taken nothing.
class Receiver final : public Reads<Receiver>, public ReadsVectored<Receiver> {
 public:
  /// Adopts the reading end of a pipe or FIFO and makes it non-blocking, for every duplicate of it
  /// too. Fails with invalid_argument for anything else.
  static Result<Receiver> from_native(Handle handle, Caller caller = Caller::here());
  /// The same without a check or a change: the caller vouches for all three.
  static Result<Receiver> from_native_unchecked(Handle handle, Caller caller = Caller::here());
  /// Gives the handle up, blocking: for a child process. Duplicates of it change too.
  Result<Handle> into_blocking_fd() &&;
  /// Gives the handle up as it is.
  Result<Handle> into_nonblocking_fd() && { return std::move(io_).release(); }

  /// Waits for any of some states; read_closed says that there is no writer.
  ReadyOp ready(Interest interest) const noexcept { return {io_.readiness(), interest}; }
  /// Calls `call` once if there may be data; see RawIo.
  template <class F>
  auto try_io(F call) {
    return try_when_ready(io_.readiness(), Interest::readable, std::move(call));
  }

  /// Borrowed: neither to be closed nor to be made blocking.
  Native native() const noexcept { return io_.native(); }

  std::string to_string() const;

  Result<std::size_t> attempt_read(MutableBytes into) noexcept { return os::read(native(), into); }
  Result<std::size_t> attempt_read_vectored(ReadPieces into) noexcept {
    return os::readv(native(), into);
  }
  Readiness& read_readiness() const noexcept { return io_.readiness(); }

 private:
  explicit Receiver(Registration io) noexcept : io_(std::move(io)) {}

  Registration io_;
};

/// An anonymous pipe: what goes into the first comes out of the second.  pipe(2)
Result<std::pair<Sender, Receiver>> pipe(Caller caller = Caller::here());

/// How to open a FIFO by its path.  fifo(7)
///
///     auto receiver = pipe::OpenOptions().read_write(true).open_receiver("/run/x");
class OpenOptions {
 public:
  /// Opens both directions, whichever end is asked for: a sender needs no reader then, and its data
  /// is lost if all ends close before one reads; a receiver never sees the end. Linux; POSIX leaves
  /// it undefined.
  OpenOptions& read_write(bool on) noexcept {
    read_write_ = on;
    return *this;
  }
  /// Takes whatever was opened; what cannot be watched still fails with operation_not_permitted.
  OpenOptions& unchecked(bool on) noexcept {
    unchecked_ = on;
    return *this;
  }

  /// Succeeds at once, also without a writer; reading then waits for one. Fails with not_found, or
  /// with invalid_argument if it is no FIFO.
  Result<Receiver> open_receiver(const std::string& path, Caller caller = Caller::here()) const;
  /// Without a reader fails with no_such_device_or_address (ENXIO): try again later. Neither
  /// creates nor truncates anything; otherwise as open_receiver().
  Result<Sender> open_sender(const std::string& path, Caller caller = Caller::here()) const;

  std::string to_string() const;

 private:
  Result<Handle> open(const std::string& path, os::Access access) const;

  bool read_write_ = false;
  bool unchecked_ = false;
};

}  // namespace fid::pipe
