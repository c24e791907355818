// SPDX-License-Identifier: MIT
#pragma once

#include <fid/base/bytes.hpp>
#include <fid/base/handle.hpp>
#include <fid/base/result.hpp>

#include <cstddef>
#include <memory>
#include <utility>

namespace fid::detail {

/// A pipe that bytes pass through without being copied into this program.  splice(2)
///
/// Shape: a resource, held while bytes are in it. Each thread keeps a few empty ones to use again.
class KernelPipe {
 public:
  ~KernelPipe();

  /// Null when there is none to be had: no descriptor left, or too many in use.
  static std::unique_ptr<KernelPipe> take();
  /// Keeps an empty pipe for the next take(); closes others, and what is in them.
  static void give_back(std::unique_ptr<KernelPipe> pipe) noexcept;
  /// Closes those that this thread keeps.
  static void drop_spare() noexcept;

  /// Moves in up to `most` bytes. Only while empty: then would-block can only mean `from`.
  Result<std::size_t> fill(Native from, std::size_t most) noexcept;
  /// Moves out what `to` takes.
  Result<std::size_t> drain(Native to) noexcept;
  /// Copies out, for a writer that turned out not to take part.
  Result<std::size_t> read(MutableBytes into) noexcept;

  std::size_t size() const noexcept { return size_; }

 private:
  explicit KernelPipe(std::pair<Handle, Handle> ends) noexcept : ends_(std::move(ends)) {}

  std::pair<Handle, Handle> ends_;  // reader, writer
  std::size_t size_ = 0;
};

}  // namespace fid::detail
