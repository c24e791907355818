// SPDX-License-Identifier: MIT
#include <fid/task/frame_memory.hpp>

#include <array>
#include <new>
#include <utility>

namespace fid::detail {
namespace {

/// Frames of sizes that are this close are used for each other.
constexpr std::size_t grain = 64;
/// Larger ones are rare.
constexpr std::size_t largest = 1024;
/// What a thread keeps at most: about as much as a burst of a dozen connections has in flight.
constexpr std::size_t kept_at_most = std::size_t{256} * 1024;

/// What a block that nobody uses holds.
struct Spare {
  Spare* next;
};

struct Pool {
  std::array<Spare*, largest / grain> spare;  // of (index + 1) * grain bytes
  std::size_t kept;                           // bytes
  bool closed;
};

// Without a destructor: frames may still go after this thread's other variables have gone.
constinit thread_local Pool pool{};

/// Empties the pool when its thread ends.
struct Emptier {
  ~Emptier() {
    pool.closed = true;
    for (Spare*& first : pool.spare) {
      while (first != nullptr) ::operator delete(std::exchange(first, first->next));
    }
  }
};

constexpr std::size_t index_of(std::size_t size) noexcept {
  return (size - 1) / grain;
}

constexpr std::size_t rounded(std::size_t size) noexcept {
  return (index_of(size) + 1) * grain;
}

}  // namespace

void* take_frame_memory(std::size_t size) {
  if (size > largest) return ::operator new(size);
  Spare*& first = pool.spare[index_of(size)];
  if (first == nullptr) return ::operator new(rounded(size));
  pool.kept -= rounded(size);
  return std::exchange(first, first->next);
}

void give_back_frame_memory(void* memory, std::size_t size) noexcept {
  if (size > largest || pool.closed || pool.kept + rounded(size) > kept_at_most) {
    ::operator delete(memory);
    return;
  }
  static thread_local const Emptier emptier;
  Spare*& first = pool.spare[index_of(size)];
  first = new (memory) Spare{first};
  pool.kept += rounded(size);
}

}  // namespace fid::detail
