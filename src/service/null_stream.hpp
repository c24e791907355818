// SPDX-License-Identifier: MIT
#pragma once

#include <fid/io/stream.hpp>

namespace fid::service {

/// At its end from the start; takes everything and keeps nothing.  null(4)
class NullStream final : public Stream {
 public:
  Result<std::size_t> attempt_read(MutableBytes) override { return 0; }
  Readiness& read_readiness() override { return readiness_; }
  Result<std::size_t> attempt_write(Bytes from) override { return from.size(); }
  Result<void> attempt_flush() override { return {}; }
  Result<void> attempt_shutdown() override { return {}; }
  Readiness& write_readiness() override { return readiness_; }

 private:
  Readiness readiness_{Readiness::Kind::stream, Ready::readable | Ready::writable};
};

}  // namespace fid::service
