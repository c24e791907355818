// SPDX-License-Identifier: MIT
#include "support/allocations.hpp"

#include <cstdlib>
#include <new>

namespace {

thread_local std::uint64_t count = 0;
thread_local std::uint64_t given_back = 0;

}  // namespace

std::uint64_t fid::test::allocations() noexcept {
  return count;
}

std::uint64_t fid::test::deallocations() noexcept {
  return given_back;
}

// The other forms end in these, but for those of what is aligned more strictly than usual.
void* operator new(std::size_t size) {
  ++count;
  // Not of size 0, for which malloc() may give nothing.
  void* const memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void operator delete(void* memory) noexcept {
  ++given_back;
  std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
  ++given_back;
  std::free(memory);
}
