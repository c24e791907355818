// SPDX-License-Identifier: MIT
#pragma once

#include <fid/io/stream.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace fid {

/// The reading side of a stream, behind one pointer: half of a Stream, for those that are put
/// together from two descriptors, such as standard input and output. Models AsyncRead.
class Reader : public Reads<Reader> {
 public:
  Reader() = default;
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  virtual ~Reader() = default;

  virtual Result<std::size_t> attempt_read(MutableBytes into) = 0;
  virtual Readiness& read_readiness() = 0;
  /// As Stream::read_handle().
  virtual std::optional<Native> read_handle() const noexcept { return std::nullopt; }
};

/// The writing side. Models AsyncWrite.
class Writer : public Writes<Writer> {
 public:
  Writer() = default;
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  virtual ~Writer() = default;

  virtual Result<std::size_t> attempt_write(Bytes from) = 0;
  virtual Result<void> attempt_flush() = 0;
  virtual Result<void> attempt_shutdown() = 0;
  virtual Readiness& write_readiness() = 0;
  /// As Stream::write_handle().
  virtual std::optional<Native> write_handle() const noexcept { return std::nullopt; }
};

using ReaderPtr = std::unique_ptr<Reader>;
using WriterPtr = std::unique_ptr<Writer>;

/// One stream of two sides.
StreamPtr join_sides(ReaderPtr reader, WriterPtr writer);

/// A reading side that is at its end.
ReaderPtr ended_reader();
/// A writing side that there is none of: writing fails with bad_file_descriptor, ending it does
/// nothing.
WriterPtr absent_writer();

}  // namespace fid
