// SPDX-License-Identifier: MIT
#include <fid/net/pipe.hpp>
#include <fid/net/socket_names.hpp>

namespace fid::pipe {
namespace {

constexpr os::Access reading{.read = true, .write = false};
constexpr os::Access writing{.read = false, .write = true};

Result<void> expect_pipe(Native handle) noexcept {
  const auto kind = os::kind_of(handle);
  if (!kind) return fail(kind.error());
  if (*kind != os::HandleKind::pipe) return fail(std::errc::invalid_argument, "not a pipe");
  return {};
}

/// Checks that a handle is a pipe open for `wanted`, and makes it non-blocking.
Result<Handle> checked(Handle handle, os::Access wanted) noexcept {
  if (auto is_pipe = expect_pipe(handle.get()); !is_pipe) return fail(is_pipe.error());
  const auto access = os::access_of(handle.get());
  if (!access) return fail(access.error());
  if ((wanted.read && !access->read) || (wanted.write && !access->write)) {
    return fail(std::errc::invalid_argument, "other end of a pipe");
  }
  if (auto set = os::set_nonblocking(handle.get(), true); !set) return fail(set.error());
  return handle;
}

Result<Handle> blocking(Result<Handle> handle) noexcept {
  if (!handle) return handle;
  if (auto set = os::set_nonblocking(handle->get(), false); !set) return fail(set.error());
  return handle;
}

}  // namespace

Result<Sender> Sender::from_native(Handle handle, Caller caller) {
  auto mine = checked(std::move(handle), writing);
  if (!mine) return fail(mine.error());
  return from_native_unchecked(*std::move(mine), caller);
}

Result<Sender> Sender::from_native_unchecked(Handle handle, Caller caller) {
  auto io = Registration::create(std::move(handle), Interest::writable, Registration::Kind::fifo,
                                 Ready::writable, caller);
  if (!io) return fail(io.error());
  return Sender(*std::move(io));
}

Result<Handle> Sender::into_blocking_fd() && {
  return blocking(std::move(io_).release());
}

std::string Sender::to_string() const {
  return detail::socket_text("pipe::Sender", native(), std::nullopt, std::nullopt);
}

Result<Receiver> Receiver::from_native(Handle handle, Caller caller) {
  auto mine = checked(std::move(handle), reading);
  if (!mine) return fail(mine.error());
  return from_native_unchecked(*std::move(mine), caller);
}

Result<Receiver> Receiver::from_native_unchecked(Handle handle, Caller caller) {
  // Nothing is presumed: without a writer a read gives 0, which would look like the end (G27).
  auto io = Registration::create(std::move(handle), Interest::readable, Registration::Kind::fifo,
                                 Ready::empty, caller);
  if (!io) return fail(io.error());
  return Receiver(*std::move(io));
}

Result<Handle> Receiver::into_blocking_fd() && {
  return blocking(std::move(io_).release());
}

std::string Receiver::to_string() const {
  return detail::socket_text("pipe::Receiver", native(), std::nullopt, std::nullopt);
}

Result<std::pair<Sender, Receiver>> pipe(Caller caller) {
  auto ends = os::pipe();
  if (!ends) return fail(ends.error());
  auto receiver = Receiver::from_native_unchecked(std::move(ends->first), caller);
  if (!receiver) return fail(receiver.error());
  auto sender = Sender::from_native_unchecked(std::move(ends->second), caller);
  if (!sender) return fail(sender.error());
  return std::pair(*std::move(sender), *std::move(receiver));
}

Result<Handle> OpenOptions::open(const std::string& path, os::Access access) const {
  os::OpenOptions options;
  options.read = access.read || read_write_;
  options.write = access.write || read_write_;
  auto handle = os::open(path, options);
  if (!handle || unchecked_) return handle;
  if (auto is_pipe = expect_pipe(handle->get()); !is_pipe) return fail(is_pipe.error());
  return handle;
}

Result<Receiver> OpenOptions::open_receiver(const std::string& path, Caller caller) const {
  auto handle = open(path, reading);
  if (!handle) return fail(handle.error());
  return Receiver::from_native_unchecked(*std::move(handle), caller);
}

Result<Sender> OpenOptions::open_sender(const std::string& path, Caller caller) const {
  auto handle = open(path, writing);
  if (!handle) return fail(handle.error());
  return Sender::from_native_unchecked(*std::move(handle), caller);
}

std::string OpenOptions::to_string() const {
  const auto word = [](bool on) { return on ? "true" : "false"; };
  return std::string("pipe::OpenOptions(read_write=") + word(read_write_) +
         ", unchecked=" + word(unchecked_) + ')';
}

}  // namespace fid::pipe
