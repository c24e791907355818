// SPDX-License-Identifier: MIT
#include "sys/handle_sides.hpp"

#include <fid/base/os.hpp>
#include <fid/sys/child_stream.hpp>

namespace fid {
namespace {

constexpr Native standard_input = 0;
constexpr Native standard_output = 1;

Result<StreamPtr> over_pipes(Handle from_child, Handle to_child) {
  auto reader = Registration::create(std::move(from_child), Interest::readable);
  if (!reader) return fail(reader.error());
  auto writer = Registration::create(std::move(to_child), Interest::writable);
  if (!writer) return fail(writer.error());
  return join_sides(std::make_unique<detail::PipeReader>(std::move(*reader)),
                    std::make_unique<detail::PipeWriter>(std::move(*writer)));
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
Result<StreamPtr> connect_to(ProcessOptions& options, ChildIo io) {
  if (io == ChildIo::socket) {
    auto ends = os::socket_pair(os::SocketType::stream);
    if (!ends) return fail(ends.error());
    const Native theirs = ends->second.get();
    options.give(standard_input, std::move(ends->second)).share(standard_output, theirs);
    return over_socket(std::move(ends->first));
  }
  auto input = os::pipe();
  if (!input) return fail(input.error());
  auto output = os::pipe();
  if (!output) return fail(output.error());
  options.give(standard_input, std::move(input->first));
  options.give(standard_output, std::move(output->second));
  return over_pipes(std::move(output->first), std::move(input->second));
}

}  // namespace

Result<ChildStream> start_with_stream(ProcessOptions options, ChildIo io) {
  auto stream = connect_to(options, io);
  if (!stream) return fail(stream.error());
  auto process = Process::start(std::move(options));
  if (!process) return fail(process.error());
  return ChildStream(std::move(*process), std::move(*stream));
}

}  // namespace fid
