// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/caller.hpp>
#include <fid/io/read_write.hpp>

#include <cstddef>
#include <memory>
#include <utility>

namespace fid {

/// One end of a connected pair of streams in memory: what is written to one is read from the other.
///
/// Shape: movable; both ends belong to the reactor of the thread that made them. Dropping an end
/// ends both directions: the other end reads what is left, then 0, and its writes fail with
/// broken_pipe. Errors: writing after one's own shutdown() fails with broken_pipe too.
class DuplexStream : public Reads<DuplexStream>, public Writes<DuplexStream> {
 public:
  DuplexStream(DuplexStream&&) noexcept = default;
  DuplexStream& operator=(DuplexStream&& other) noexcept {
    DuplexStream old(std::exchange(in_, std::move(other.in_)),
                     std::exchange(out_, std::move(other.out_)));
    return *this;
  }
  ~DuplexStream() { close(); }

  Result<std::size_t> attempt_read(MutableBytes into);
  Readiness& read_readiness() noexcept;
  Result<std::size_t> attempt_write(Bytes from);
  Result<void> attempt_flush() noexcept { return {}; }
  Result<void> attempt_shutdown();
  Readiness& write_readiness() noexcept;

 private:
  friend std::pair<DuplexStream, DuplexStream> duplex(std::size_t capacity, Caller caller);

  /// One direction; owned by the end that writes and the end that reads.
  struct Channel;

  DuplexStream(std::shared_ptr<Channel> in, std::shared_ptr<Channel> out) noexcept
      : in_(std::move(in)), out_(std::move(out)) {}
  void close();

  std::shared_ptr<Channel> in_;
  std::shared_ptr<Channel> out_;
};

/// A pair of streams in memory that hold `capacity` bytes each way; not 0. A writer waits when
/// that many were not read yet.
std::pair<DuplexStream, DuplexStream> duplex(std::size_t capacity, Caller caller = Caller::here());

}  // namespace fid
