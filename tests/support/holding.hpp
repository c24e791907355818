// SPDX-License-Identifier: MIT
#pragma once

#include <fid/io/stream.hpp>

#include <cstddef>

namespace fid::test {

/// Keeps what is written until it is flushed, and can be made to fail.
class Holding final : public Stream {
 public:
  explicit Holding(Stream& inner) : inner_(&inner) {}

  Result<std::size_t> attempt_read(MutableBytes into) override {
    if (broken_) return fail(std::errc::io_error, "read");
    return inner_->attempt_read(into);
  }
  Readiness& read_readiness() override { return inner_->read_readiness(); }
  Result<std::size_t> attempt_write(Bytes from) override {
    held_.insert(held_.end(), from.begin(), from.end());
    return from.size();
  }
  Result<void> attempt_flush() override {
    while (!held_.empty()) {
      const auto count = inner_->attempt_write(held_);
      if (!count) return fail(count.error());
      held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(*count));
    }
    return {};
  }
  Result<void> attempt_shutdown() override {
    if (auto flushed = attempt_flush(); !flushed) return flushed;
    return inner_->attempt_shutdown();
  }
  Readiness& write_readiness() override { return inner_->write_readiness(); }

  void break_reading() { broken_ = true; }

 private:
  Stream* inner_;
  Buffer held_;
  bool broken_ = false;
};

}  // namespace fid::test
