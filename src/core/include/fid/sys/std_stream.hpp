// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/os.hpp>
#include <fid/io/sides.hpp>

#include <optional>

/// Descriptors that the process was started with, as streams.
///
/// They are shared with whoever started it: a shell would find its terminal non-blocking. So the
/// open file description is never changed, whatever becomes of this process, and each kind is
/// served in a way that leaves it as it is:
///
///     inherited       | read and written through       | ending the writing side
///     a socket        | calls that never block         | shutdown(2)
///     pipe, FIFO      | a description of our own,      | closes it, and makes the inherited number
///                     |   reopened, non-blocking       |   the null device: the reader sees the
///                     end
///     terminal        | the same                       | nothing: there is no end to see
///     file, device    | File                           | waits until it is written
///     the null device | (written) calls, which never   | nothing
///                     |   block                        |
///
/// Where reopening fails (after su(1), without /proc) a worker thread blocks in the call instead;
/// it never keeps the process from exiting, and what it read is kept for the next read.
///
/// A pipe whose reader has gone is noticed while nothing is written: its readiness becomes
/// write-closed.
namespace fid {

/// Reads from an inherited descriptor, which stays open. Fails with bad_file_descriptor for one
/// that is closed or only for writing, is_a_directory, and invalid_argument for a listening socket.
Result<ReaderPtr> inherited_reader(Native number);

/// Writes to an inherited descriptor. Fails as inherited_reader() does.
Result<WriterPtr> inherited_writer(Native number);

/// Both sides of an inherited descriptor: those `wanted`, or those it was opened for. The other is
/// at its end, or refuses to be written.
Result<StreamPtr> inherited_stream(Native number, std::optional<os::Access> wanted = std::nullopt);

/// Standard input and output as one stream. An input that is closed is at its end.
Result<StreamPtr> make_stdio_stream(os::Access wanted = os::Access{true, true});

/// Opens the null device under every standard number that is closed, so that no socket gets it and
/// is taken for input or output: input is empty then, writing to the others fails. First thing in
/// main().
void fill_closed_standard_handles() noexcept;

}  // namespace fid
