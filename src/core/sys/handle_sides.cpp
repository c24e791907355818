// SPDX-License-Identifier: MIT
#include "sys/handle_sides.hpp"

#include "platform/blocking_io.hpp"

#include <fid/base/os.hpp>

#include <utility>

namespace fid::detail {
namespace {

constexpr Ready reader_gone = Ready::write_closed | Ready::error;

Failure broken_pipe() {
  return fail(std::errc::broken_pipe, "write");
}

/// The inherited number holds the pipe open as long as it stands for it.
Result<void> let_go(std::optional<Native>& number) {
  const auto inherited = std::exchange(number, std::nullopt);
  return inherited ? platform::replace_by_null(*inherited) : Result<void>();
}

}  // namespace

Result<std::size_t> PipeReader::attempt_read(MutableBytes into) {
  return os::read(native(), into);
}

Result<std::size_t> PipeWriter::attempt_write(Bytes from) {
  if (ended_) return broken_pipe();
  return os::write(native(), from);
}

Result<void> PipeWriter::attempt_shutdown() {
  if (std::exchange(ended_, true)) return {};
  io_ = Handle();
  watch_.close();
  return let_go(number_);
}

std::optional<Native> PipeWriter::write_handle() const noexcept {
  if (ended_) return std::nullopt;
  return native();
}

Result<std::size_t> TerminalWriter::attempt_write(Bytes from) {
  return os::write(io_.get(), from);
}

Result<std::size_t> SocketReader::attempt_read(MutableBytes into) {
  return os::recv(io_.native(), into);
}

Result<std::size_t> SocketWriter::attempt_write(Bytes from) {
  return os::send(io_.native(), from);
}

Result<void> SocketWriter::attempt_shutdown() {
  auto done = os::shutdown(io_.native(), os::Shutdown::write);
  // The peer has gone, or there never was one: nobody is left to see the end.
  if (!done && done.error().code == std::errc::not_connected) return {};
  return done;
}

/// Hands on what the selector says of the pipe to the readiness that the worker keeps.
class BlockingWriter::Watch final : public Waiter {
 public:
  Watch(Registration pipe, Readiness& to) noexcept
      : Waiter(reader_gone), pipe_(std::move(pipe)), to_(&to) {}

  void run() override {
    const Ready gone = pipe_.readiness().ready() & reader_gone;
    if (!gone.is_empty()) {
      to_->set(gone);
    } else if (!pipe_.readiness().stopped()) {
      pipe_.readiness().wait(*this);
    }
  }

 private:
  Registration pipe_;
  Readiness* to_;
};

BlockingWriter::BlockingWriter(Handle handle, std::optional<Native> number)
    : writer_(std::make_shared<Handle>(std::move(handle)), FileWriter::AtEnd::close),
      number_(number) {}

BlockingWriter::~BlockingWriter() = default;

void BlockingWriter::watch(Registration pipe) {
  watch_ = std::make_unique<Watch>(std::move(pipe), writer_.readiness());
  watch_->run();
}

Result<void> BlockingWriter::attempt_shutdown() {
  if (auto written = writer_.attempt_shutdown(); !written) return written;
  watch_.reset();
  return let_go(number_);
}

BrokenWriter::BrokenWriter() {
  readiness_.set(Ready::writable | reader_gone);
}

Result<std::size_t> BrokenWriter::attempt_write(Bytes) {
  return broken_pipe();
}

Result<std::size_t> NullWriter::attempt_write(Bytes from) {
  return os::write(null_.get(), from);
}

}  // namespace fid::detail
