// SPDX-License-Identifier: MIT
#pragma once

#include <fid/io/stream.hpp>
#include <fid/reactor/timer_queue.hpp>

#include <utility>

namespace fid::service {

/// A stream whose end is no end: it is read again every quarter of a second. For files that grow,
/// serial lines, FIFOs.
///
/// Shape: a Stream around another, which it owns.
class IgnoredEnd final : public Stream {
 public:
  explicit IgnoredEnd(StreamPtr inner) : inner_(std::move(inner)), again_(*inner_) {}

  Result<std::size_t> attempt_read(MutableBytes into) override;
  Readiness& read_readiness() override { return inner_->read_readiness(); }
  Result<std::size_t> attempt_write(Bytes from) override { return inner_->attempt_write(from); }
  Result<void> attempt_flush() override { return inner_->attempt_flush(); }
  Result<void> attempt_shutdown() override { return inner_->attempt_shutdown(); }
  Readiness& write_readiness() override { return inner_->write_readiness(); }
  // No handle for reading: the end must be seen here.
  std::optional<Native> write_handle() const noexcept override { return inner_->write_handle(); }
  void abort_on_close() noexcept override { inner_->abort_on_close(); }

 private:
  class Again final : public Timer {
   public:
    explicit Again(Stream& stream) : stream_(&stream) {}
    void run() override { stream_->read_readiness().set(Ready::readable); }

   private:
    Stream* stream_;
  };

  StreamPtr inner_;
  Again again_;
};

}  // namespace fid::service
