// SPDX-License-Identifier: MIT
#pragma once

#include "sys/file_reader.hpp"
#include "sys/file_writer.hpp"

#include <fid/io/sides.hpp>
#include <fid/reactor/registration.hpp>

#include <memory>
#include <optional>

/// The sides of streams that are made of plain handles.
namespace fid::detail {

/// A pipe or terminal. `watch` tells when, and `io`, if given, is what is read: another open file
/// description of the same.
class PipeReader final : public Reader {
 public:
  explicit PipeReader(Registration watch, Handle io = Handle()) noexcept
      : watch_(std::move(watch)), io_(std::move(io)) {}

  Result<std::size_t> attempt_read(MutableBytes into) override;
  Readiness& read_readiness() override { return watch_.readiness(); }
  std::optional<Native> read_handle() const noexcept override { return native(); }

 private:
  Native native() const noexcept { return io_ ? io_.get() : watch_.native(); }

  Registration watch_;
  Handle io_;
};

/// The same for writing. Ending it closes both, and replaces `number` by the null device if given.
class PipeWriter final : public Writer {
 public:
  explicit PipeWriter(Registration watch, Handle io = Handle(),
                      std::optional<Native> number = std::nullopt) noexcept
      : watch_(std::move(watch)), io_(std::move(io)), number_(number) {}

  Result<std::size_t> attempt_write(Bytes from) override;
  Result<void> attempt_flush() override { return {}; }
  Result<void> attempt_shutdown() override;
  Readiness& write_readiness() override { return watch_.readiness(); }
  std::optional<Native> write_handle() const noexcept override;

 private:
  Native native() const noexcept { return io_ ? io_.get() : watch_.native(); }

  Registration watch_;
  Handle io_;
  std::optional<Native> number_;
  bool ended_ = false;
};

/// A terminal: as a pipe, but nobody can be shown an end.
class TerminalWriter final : public Writer {
 public:
  TerminalWriter(Registration watch, Handle io) noexcept
      : watch_(std::move(watch)), io_(std::move(io)) {}

  Result<std::size_t> attempt_write(Bytes from) override;
  Result<void> attempt_flush() override { return {}; }
  Result<void> attempt_shutdown() override { return {}; }
  Readiness& write_readiness() override { return watch_.readiness(); }

 private:
  Registration watch_;
  Handle io_;
};

/// A socket in any mode.
class SocketReader final : public Reader {
 public:
  explicit SocketReader(Registration io) noexcept : io_(std::move(io)) {}
  Result<std::size_t> attempt_read(MutableBytes into) override;
  Readiness& read_readiness() override { return io_.readiness(); }

 private:
  Registration io_;
};

class SocketWriter final : public Writer {
 public:
  explicit SocketWriter(Registration io) noexcept : io_(std::move(io)) {}
  Result<std::size_t> attempt_write(Bytes from) override;
  Result<void> attempt_flush() override { return {}; }
  Result<void> attempt_shutdown() override;
  Readiness& write_readiness() override { return io_.readiness(); }

 private:
  Registration io_;
};

/// What only a worker can read: a file, or what must not be made non-blocking.
class BlockingReader final : public Reader {
 public:
  explicit BlockingReader(Handle handle)
      : reader_(std::make_shared<const Handle>(std::move(handle))) {}
  Result<std::size_t> attempt_read(MutableBytes into) override {
    return reader_.attempt_read(into);
  }
  Readiness& read_readiness() override { return reader_.readiness(); }

 private:
  FileReader reader_;
};

/// The same for writing. Ending it closes the handle, and replaces `number` if given.
class BlockingWriter final : public Writer {
 public:
  explicit BlockingWriter(Handle handle, std::optional<Native> number = std::nullopt);
  ~BlockingWriter() override;

  /// Has the loss of its reader noticed while nothing is written.
  void watch(Registration pipe);

  Result<std::size_t> attempt_write(Bytes from) override { return writer_.attempt_write(from); }
  Result<void> attempt_flush() override { return writer_.attempt_flush(); }
  Result<void> attempt_shutdown() override;
  Readiness& write_readiness() override { return writer_.readiness(); }

 private:
  class Watch;

  FileWriter writer_;
  std::unique_ptr<Watch> watch_;
  std::optional<Native> number_;
};

/// The null device: a worker would only be waited for.
class NullWriter final : public Writer {
 public:
  explicit NullWriter(Handle null) noexcept : null_(std::move(null)) {}
  Result<std::size_t> attempt_write(Bytes from) override;
  Result<void> attempt_flush() override { return {}; }
  Result<void> attempt_shutdown() override { return {}; }
  Readiness& write_readiness() override { return readiness_; }
  std::optional<Native> write_handle() const noexcept override { return null_.get(); }

 private:
  Handle null_;
  Readiness readiness_{Readiness::Kind::stream, Ready::writable};
};

/// A FIFO whose reader had gone when it was to be reopened: then that fails.
class BrokenWriter final : public Writer {
 public:
  BrokenWriter();
  Result<std::size_t> attempt_write(Bytes from) override;
  Result<void> attempt_flush() override { return {}; }
  Result<void> attempt_shutdown() override { return {}; }
  Readiness& write_readiness() override { return readiness_; }

 private:
  Readiness readiness_;
};

}  // namespace fid::detail
