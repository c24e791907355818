// SPDX-License-Identifier: MIT
#include "endpoint/endpoint.hpp"
#include "endpoint/kind/common_options.hpp"
#include "endpoint/kind/kinds.hpp"
#include "endpoint/retry_timer.hpp"
#include "endpoint/unix_path.hpp"

#include <fid/base/os_path.hpp>
#include <fid/io/sides.hpp>
#include <fid/net/pipe.hpp>
#include <fid/reactor/sleep.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace fid::endpoint::kind {
namespace {

constexpr OptionSpec options[] = {
    {
        .name = "mode",
        .aliases = "perm",
        .type = ValueType::mode,
        .default_text = "0600",
        .when = When::opening,
        .help = "permissions of the FIFO, if it has to be made",
        .example = "mode=0622",
    },
    {
        .name = "keep-open",
        .type = ValueType::flag,
        .default_text = "no",
        .when = When::opening,
        .help = "when the last writer, or reader, has left, wait for the next",
        .example = "keep-open",
    },
    option::eof,
    option::linger,
};

/// Makes the FIFO if there is none. Gives the path to remove later, if it did.
Result<OwnedPath> make_if_missing(const std::string& path, FileMode mode) {
  Result<void> made;
  {
    const os::ExactMode exact(mode);
    made = os::make_fifo(path, mode);
  }
  if (!made && made.error().code == std::errc::file_exists) return OwnedPath();
  if (!made) return fail(made.error());
  const auto status = os::status_of(path);
  if (!status) return fail(status.error());
  return OwnedPath(path, status->id);
}

class FifoReader final : public Reader {
 public:
  FifoReader(pipe::Receiver receiver, OwnedPath file)
      : receiver_(std::move(receiver)), file_(std::move(file)) {}

  Result<std::size_t> attempt_read(MutableBytes into) override {
    return receiver_.attempt_read(into);
  }
  Readiness& read_readiness() override { return receiver_.read_readiness(); }
  std::optional<Native> read_handle() const noexcept override { return receiver_.native(); }

 private:
  pipe::Receiver receiver_;
  OwnedPath file_;
};

/// Ending it closes the FIFO once nothing can be lost by that: what is in a pipe goes with the last
/// handle to it.
class FifoWriter final : public Writer {
 public:
  FifoWriter(pipe::Sender sender, bool keep_open)
      : sender_(std::move(sender)), keep_open_(keep_open), retry_(sender_->write_readiness()) {}

  Result<std::size_t> attempt_write(Bytes from) override {
    if (!sender_) return fail(std::errc::broken_pipe, "write");
    return sender_->attempt_write(from);
  }
  Result<void> attempt_flush() override { return {}; }
  Result<void> attempt_shutdown() override;
  Readiness& write_readiness() override { return sender_ ? sender_->write_readiness() : ended_; }
  std::optional<Native> write_handle() const noexcept override {
    if (!sender_) return std::nullopt;
    return sender_->native();
  }

 private:
  std::optional<pipe::Sender> sender_;
  bool keep_open_;
  Readiness ended_{Readiness::Kind::pieces, Ready::writable};
  RetryTimer retry_;
};

Result<void> FifoWriter::attempt_shutdown() {
  if (!sender_) return {};
  const auto state = os::state_of_pipe(sender_->native());
  if (!state) return fail(state.error());
  // Kept open, it has a reader at all times, which is ourselves.
  if (keep_open_ && state->unread > 0) {
    retry_.start();
    return fail(std::errc::resource_unavailable_try_again, "close");
  }
  if (!state->has_reader && state->unread > 0) return fail(std::errc::broken_pipe, "close");
  retry_.disarm();
  sender_.reset();
  return {};
}

/// Waits for a reader, whom the system does not announce.
Task<pipe::Sender> open_for_writing(std::string path, bool keep_open) {
  pipe::OpenOptions how;
  how.read_write(keep_open);
  for (GrowingPause pause;;) {
    auto sender = how.open_sender(path);
    if (sender) co_return *std::move(sender);
    if (sender.error().code != std::errc::no_such_device_or_address) co_return fail(sender.error());
    co_await sleep(pause.next());
  }
}

Task<ConnectionPtr> open_fifo(const Address& address, const OpenContext& context) {
  if (context.access == Access::both) {
    co_return fail(std::errc::operation_not_supported, "open, both ways");
  }
  const auto mode = static_cast<FileMode>(address.mode("mode").value_or(0600));
  const bool keep_open = address.flag("keep-open").value_or(false);
  OwnedPath made = co_await make_if_missing(address.path, mode);
  auto connection = std::make_unique<Connection>();
  if (context.access == Access::read) {
    pipe::OpenOptions how;
    how.read_write(keep_open);
    auto receiver = co_await how.open_receiver(address.path);
    connection->stream = join_sides(
        std::make_unique<FifoReader>(std::move(receiver), std::move(made)), absent_writer());
  } else {
    made.keep();
    pipe::Sender sender = co_await open_for_writing(address.path, keep_open);
    connection->stream =
        join_sides(ended_reader(), std::make_unique<FifoWriter>(std::move(sender), keep_open));
  }
  co_return connection;
}

}  // namespace

constexpr Kind fifo{
    .name = "fifo",
    .form = "fifo:PATH",
    .summary = "a named pipe in the file system",
    .parameter = Parameter::path,
    .roles = Roles::connects,
    .traffic = Traffic::one_way,
    .options = options,
    .example = "fifo:/tmp/events,keep-open",
    .help =
        "Made if there is none; one that was made for reading is removed at the end. Either end "
        "may be opened first, and waits for the other. With keep-open, reading never ends by "
        "itself; writing needs no reader, and ends when all of it was read.",
    .open = open_fifo,
};

}  // namespace fid::endpoint::kind
