// SPDX-License-Identifier: MIT
//
// In place of frame_pool.cpp where a sanitizer is to see the use of a frame that has gone.
#include <fid/task/frame_memory.hpp>

#include <new>

namespace fid::detail {

void* take_frame_memory(std::size_t size) {
  return ::operator new(size);
}

void give_back_frame_memory(void* memory, std::size_t /*size*/) noexcept {
  ::operator delete(memory);
}

}  // namespace fid::detail
