// SPDX-License-Identifier: MIT
#include "sys/handle_sides.hpp"

#include <fid/base/os.hpp>
#include <fid/sys/child_stream.hpp>

namespace fid {
namespace {

constexpr Native standard_input = 0;
constexpr Native standard_output = 1;
constexpr Native standard_error = 2;

/// Gives the child its output, and gives back where it comes out.
Result<ReaderPtr> take_output(ProcessOptions& options, const ChildJoin& join) {
  if (!join.sides.read) {
    if (join.errors_too) options.share(standard_error, standard_output);
    return ended_reader();
  }
  auto ends = os::pipe();
  if (!ends) return fail(ends.error());
  auto io = Registration::create(std::move(ends->first), Interest::readable);
  if (!io) return fail(io.error());
  if (join.errors_too) options.share(standard_error, ends->second.get());
  options.give(standard_output, std::move(ends->second));
  return std::make_unique<detail::PipeReader>(std::move(*io));
}

/// Gives the child its input, and gives back where it is fed.
Result<WriterPtr> feed_input(ProcessOptions& options, const ChildJoin& join) {
  if (!join.sides.write) {
    os::OpenOptions for_reading;
    for_reading.read = true;
    auto null = os::open("/dev/null", for_reading);
    if (!null) return fail(null.error());
    options.give(standard_input, std::move(*null));
    return absent_writer();
  }
  auto ends = os::pipe();
  if (!ends) return fail(ends.error());
  auto io = Registration::create(std::move(ends->second), Interest::writable);
  if (!io) return fail(io.error());
  options.give(standard_input, std::move(ends->first));
  return std::make_unique<detail::PipeWriter>(std::move(*io));
}

Result<StreamPtr> over_socket(Handle socket) {
  auto copy = os::duplicate(socket.get());
  if (!copy) return fail(copy.error());
  auto reader = Registration::create(std::move(socket), Interest::readable);
  if (!reader) return fail(reader.error());
  auto writer = Registration::create(std::move(*copy), Interest::writable);
  if (!writer) return fail(writer.error());
  return join_sides(std::make_unique<detail::SocketReader>(std::move(*reader)),
                    std::make_unique<detail::SocketWriter>(std::move(*writer)));
}

/// Makes our end of the connection, and gives the child its own.
Result<StreamPtr> connect_to(ProcessOptions& options, const ChildJoin& join) {
  if (join.io == ChildIo::socket && join.sides.read && join.sides.write) {
    auto ends = os::socket_pair(os::SocketType::stream);
    if (!ends) return fail(ends.error());
    const Native theirs = ends->second.get();
    if (join.errors_too) options.share(standard_error, theirs);
    options.give(standard_input, std::move(ends->second)).share(standard_output, theirs);
    return over_socket(std::move(ends->first));
  }
  auto output = take_output(options, join);
  if (!output) return fail(output.error());
  auto input = feed_input(options, join);
  if (!input) return fail(input.error());
  return join_sides(std::move(*output), std::move(*input));
}

}  // namespace

Result<ChildStream> start_with_stream(ProcessOptions options, ChildJoin join) {
  auto stream = connect_to(options, join);
  if (!stream) return fail(stream.error());
  auto process = Process::start(std::move(options));
  if (!process) return fail(process.error());
  return ChildStream(std::move(*process), std::move(*stream));
}

}  // namespace fid
