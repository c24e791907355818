// SPDX-License-Identifier: MIT
#pragma once

#include <fid/io/read_write.hpp>

#include <cstddef>

namespace fid {

/// A readiness that never changes, for what never waits.
Readiness& always_ready() noexcept;

/// Bytes in memory, as a stream that ends with them. They must outlive it.
class BytesReader : public Reads<BytesReader> {
 public:
  explicit BytesReader(Bytes bytes) noexcept : left_(bytes) {}

  Result<std::size_t> attempt_read(MutableBytes into) noexcept;
  Readiness& read_readiness() const noexcept { return always_ready(); }

  /// What was not read yet.
  Bytes left() const noexcept { return left_; }

 private:
  Bytes left_;
};

/// Appends what is written to a buffer that grows, and must outlive it.
class BufferWriter : public Writes<BufferWriter> {
 public:
  explicit BufferWriter(Buffer& into) noexcept : into_(&into) {}

  Result<std::size_t> attempt_write(Bytes from);
  Result<void> attempt_flush() const noexcept { return {}; }
  Result<void> attempt_shutdown() const noexcept { return {}; }
  Readiness& write_readiness() const noexcept { return always_ready(); }

 private:
  Buffer* into_;
};

/// Writes into memory of a fixed size, which must outlive it; takes nothing any more when full.
class BytesWriter : public Writes<BytesWriter> {
 public:
  explicit BytesWriter(MutableBytes into) noexcept : into_(into) {}

  Result<std::size_t> attempt_write(Bytes from) noexcept;
  Result<void> attempt_flush() const noexcept { return {}; }
  Result<void> attempt_shutdown() const noexcept { return {}; }
  Readiness& write_readiness() const noexcept { return always_ready(); }

  Bytes written() const noexcept { return into_.first(written_); }

 private:
  MutableBytes into_;
  std::size_t written_ = 0;
};

}  // namespace fid
