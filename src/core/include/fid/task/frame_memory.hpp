// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace fid::detail {

/// Memory for a coroutine's frame. Each thread keeps some of what was given back, by size: a
/// connection is served by dozens of short tasks, and others like them follow.
///
/// Errors: std::bad_alloc.
void* take_frame_memory(std::size_t size);
/// Gives it back, with the size that was asked for; on any thread.
void give_back_frame_memory(void* memory, std::size_t size) noexcept;

/// A promise whose coroutine's frame has its memory from there.
struct PooledFrame {
  // The delete that is told the size is its match too, which the check does not know.
  // NOLINTNEXTLINE(misc-new-delete-overloads)
  static void* operator new(std::size_t size) { return take_frame_memory(size); }
  static void operator delete(void* frame, std::size_t size) noexcept {
    give_back_frame_memory(frame, size);
  }
};

}  // namespace fid::detail
