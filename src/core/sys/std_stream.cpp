// SPDX-License-Identifier: MIT
#include "sys/handle_sides.hpp"

#include <fid/sys/std_stream.hpp>

namespace fid {

using os::Access;
using os::HandleKind;
using Kind = Registration::Kind;

namespace {

constexpr Native standard_input = 0;
constexpr Native standard_output = 1;

/// A handle of our own that shares the description, for the selector to watch. It is never made
/// non-blocking. Its first state is reported at once, so nothing needs to be presumed.
Result<Registration> watch(Native number, Interest interest, Kind kind) {
  auto copy = os::duplicate(number);
  if (!copy) return fail(copy.error());
  return Registration::create(std::move(*copy), interest, kind);
}

Result<Kind> socket_kind(Native number) {
  if (os::is_listening(number).value_or(false)) {
    return fail(std::errc::invalid_argument, "a listening socket");
  }
  const auto type = os::socket_type(number);
  if (!type) return fail(type.error());
  return *type == os::SocketType::stream ? Kind::stream : Kind::datagram;
}

Result<HandleKind> kind_for(Native number, bool permitted, std::string_view operation) {
  const auto kind = os::kind_of(number);
  if (!kind) return fail(kind.error().code, operation);
  if (*kind == HandleKind::directory) return fail(std::errc::is_a_directory, operation);
  if (!permitted) return fail(std::errc::bad_file_descriptor, operation);
  return kind;
}

Result<ReaderPtr> socket_reader(Native number) {
  const auto kind = socket_kind(number);
  if (!kind) return fail(kind.error());
  auto io = watch(number, Interest::readable, *kind);
  if (!io) return fail(io.error());
  return std::make_unique<detail::SocketReader>(std::move(*io));
}

Result<WriterPtr> socket_writer(Native number) {
  const auto kind = socket_kind(number);
  if (!kind) return fail(kind.error());
  auto io = watch(number, Interest::writable, *kind);
  if (!io) return fail(io.error());
  return std::make_unique<detail::SocketWriter>(std::move(*io));
}

Result<ReaderPtr> blocking_reader(Native number) {
  auto copy = os::duplicate(number);
  if (!copy) return fail(copy.error());
  return std::make_unique<detail::BlockingReader>(std::move(*copy));
}

Result<WriterPtr> blocking_writer(Native number, HandleKind kind) {
  auto copy = os::duplicate(number);
  if (!copy) return fail(copy.error());
  if (kind != HandleKind::pipe) {
    return std::make_unique<detail::BlockingWriter>(std::move(*copy));
  }
  auto writer = std::make_unique<detail::BlockingWriter>(std::move(*copy), number);
  auto pipe = watch(number, Interest::error, Kind::pieces);
  if (!pipe) return fail(pipe.error());
  writer->watch(std::move(*pipe));
  return writer;
}

Result<WriterPtr> null_writer(Native number) {
  auto copy = os::duplicate(number);
  if (!copy) return fail(copy.error());
  return std::make_unique<detail::NullWriter>(std::move(*copy));
}

// Watched through the inherited description, not the reopened one: only the former tells the end
// of a FIFO whose writers had gone before it was reopened. Terminals give a line and packet pipes
// a packet at a time, whatever is queued, hence Kind::pieces.

Result<ReaderPtr> reopened_reader(Native number) {
  auto own = os::reopen(number, Access{true, false});
  if (!own) return blocking_reader(number);
  auto io = watch(number, Interest::readable, Kind::pieces);
  if (!io) return fail(io.error());
  return std::make_unique<detail::PipeReader>(std::move(*io), std::move(*own));
}

Result<WriterPtr> reopened_writer(Native number, HandleKind kind) {
  auto own = os::reopen(number, Access{false, true});
  if (!own && own.error().code == std::errc::no_such_device_or_address &&
      kind == HandleKind::pipe) {
    return std::make_unique<detail::BrokenWriter>();
  }
  if (!own) return blocking_writer(number, kind);
  auto io = watch(number, Interest::writable, Kind::pieces);
  if (!io) return fail(io.error());
  if (kind == HandleKind::terminal) {
    return std::make_unique<detail::TerminalWriter>(std::move(*io), std::move(*own));
  }
  return std::make_unique<detail::PipeWriter>(std::move(*io), std::move(*own), number);
}

}  // namespace

Result<ReaderPtr> inherited_reader(Native number) {
  const bool permitted = os::access_of(number).value_or(Access()).read;
  const auto kind = kind_for(number, permitted, "read");
  if (!kind) return fail(kind.error());
  switch (*kind) {
    case HandleKind::socket:
      return socket_reader(number);
    case HandleKind::pipe:
    case HandleKind::terminal:
      return reopened_reader(number);
    default:
      return blocking_reader(number);
  }
}

Result<WriterPtr> inherited_writer(Native number) {
  const bool permitted = os::access_of(number).value_or(Access()).write;
  const auto kind = kind_for(number, permitted, "write");
  if (!kind) return fail(kind.error());
  switch (*kind) {
    case HandleKind::socket:
      return socket_writer(number);
    case HandleKind::pipe:
    case HandleKind::terminal:
      return reopened_writer(number, *kind);
    default:
      return os::is_null_device(number) ? null_writer(number) : blocking_writer(number, *kind);
  }
}

Result<StreamPtr> inherited_stream(Native number, std::optional<Access> wanted) {
  const auto access = os::access_of(number);
  if (!access) return fail(access.error());
  const Access sides = wanted.value_or(*access);
  auto reader = sides.read ? inherited_reader(number) : Result<ReaderPtr>(ended_reader());
  if (!reader) return fail(reader.error());
  auto writer = sides.write ? inherited_writer(number) : Result<WriterPtr>(absent_writer());
  if (!writer) return fail(writer.error());
  return join_sides(std::move(*reader), std::move(*writer));
}

Result<StreamPtr> make_stdio_stream(Access wanted) {
  const bool has_input = os::kind_of(standard_input).has_value();
  auto reader = wanted.read && has_input ? inherited_reader(standard_input)
                                         : Result<ReaderPtr>(ended_reader());
  if (!reader) return fail(reader.error());
  auto writer =
      wanted.write ? inherited_writer(standard_output) : Result<WriterPtr>(absent_writer());
  if (!writer) return fail(writer.error());
  return join_sides(std::move(*reader), std::move(*writer));
}

}  // namespace fid
