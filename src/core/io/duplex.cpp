// SPDX-License-Identifier: MIT
#include <fid/io/duplex.hpp>
#include <fid/reactor/soft_readiness.hpp>

#include <algorithm>

namespace fid {

struct DuplexStream::Channel {
  Channel(std::size_t capacity, Caller caller)
      : readable(Readiness::Kind::pieces, Ready::empty, caller),
        writable(Readiness::Kind::pieces, Ready::writable, caller),
        ring(capacity) {}

  std::size_t put(Bytes from) noexcept {
    const std::size_t end = (first + size) % ring.size();
    const std::size_t count = std::min(from.size(), ring.size() - size);
    const std::size_t before_wrap = std::min(count, ring.size() - end);
    std::copy_n(from.begin(), before_wrap, ring.data() + end);
    std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(before_wrap), count - before_wrap,
                ring.data());
    size += count;
    return count;
  }

  std::size_t take(MutableBytes into) noexcept {
    const std::size_t count = std::min(into.size(), size);
    const std::size_t before_wrap = std::min(count, ring.size() - first);
    std::copy_n(ring.data() + first, before_wrap, into.begin());
    std::copy_n(ring.data(), count - before_wrap,
                into.begin() + static_cast<std::ptrdiff_t>(before_wrap));
    first = (first + count) % ring.size();
    size -= count;
    return count;
  }

  /// Nothing more will be written.
  void end() {
    ended = true;
    readable->set(Ready::readable | Ready::read_closed);
  }

  // Two objects: neither direction's waiters are woken by the other's events.
  SoftReadiness readable;
  SoftReadiness writable;
  Buffer ring;
  std::size_t first = 0;
  std::size_t size = 0;
  bool ended = false;
  bool reader_gone = false;
};

std::pair<DuplexStream, DuplexStream> duplex(std::size_t capacity, Caller caller) {
  if (capacity == 0) broken_precondition("a duplex with room in it", caller);
  auto there = std::make_shared<DuplexStream::Channel>(capacity, caller);
  auto back = std::make_shared<DuplexStream::Channel>(capacity, caller);
  return {DuplexStream(back, there), DuplexStream(there, back)};
}

Readiness& DuplexStream::read_readiness() noexcept {
  return *in_->readable;
}

Readiness& DuplexStream::write_readiness() noexcept {
  return *out_->writable;
}

Result<std::size_t> DuplexStream::attempt_read(MutableBytes into) {
  if (into.empty()) return 0;
  if (in_->size == 0) {
    if (in_->ended) return 0;
    return fail(std::errc::resource_unavailable_try_again, "read");
  }
  const bool was_full = in_->size == in_->ring.size();
  const std::size_t count = in_->take(into);
  if (was_full) in_->writable->set(Ready::writable);
  return count;
}

Result<std::size_t> DuplexStream::attempt_write(Bytes from) {
  if (out_->ended || out_->reader_gone) return fail(std::errc::broken_pipe, "write");
  if (from.empty()) return 0;
  if (out_->size == out_->ring.size()) {
    return fail(std::errc::resource_unavailable_try_again, "write");
  }
  const bool was_empty = out_->size == 0;
  const std::size_t count = out_->put(from);
  if (was_empty) out_->readable->set(Ready::readable);
  return count;
}

Result<void> DuplexStream::attempt_shutdown() {
  out_->end();
  return {};
}

void DuplexStream::close() {
  if (!out_) return;
  out_->end();
  in_->reader_gone = true;
  in_->writable->set(Ready::writable | Ready::write_closed | Ready::error);
}

}  // namespace fid
