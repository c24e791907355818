// SPDX-License-Identifier: MIT
#pragma once

#include <fid/io/stream.hpp>

namespace fid::service {

/// A stream lent to one connection after another: ending it for one does not end it for the next.
///
/// Shape: a Stream around another, which outlives it.
class KeptStream final : public Stream {
 public:
  explicit KeptStream(Stream& inner) : inner_(&inner) {}

  Result<std::size_t> attempt_read(MutableBytes into) override {
    return inner_->attempt_read(into);
  }
  Readiness& read_readiness() override { return inner_->read_readiness(); }
  Result<std::size_t> attempt_write(Bytes from) override { return inner_->attempt_write(from); }
  Result<void> attempt_flush() override { return inner_->attempt_flush(); }
  Result<void> attempt_shutdown() override { return inner_->attempt_flush(); }
  Readiness& write_readiness() override { return inner_->write_readiness(); }
  std::optional<Native> read_handle() const noexcept override { return inner_->read_handle(); }
  std::optional<Native> write_handle() const noexcept override { return inner_->write_handle(); }

 private:
  Stream* inner_;
};

}  // namespace fid::service
