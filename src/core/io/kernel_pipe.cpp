// SPDX-License-Identifier: MIT
#include "io/kernel_pipe.hpp"

#include <fid/base/os.hpp>

#include <vector>

namespace fid::detail {
namespace {

// One is enough while writers keep up; descriptors are too few to hoard.
constexpr std::size_t spare_at_most = 2;
/// With the spare ones. Many slow writers would each hold one. Together they are half of what the
/// kernel grants to one user. pipe(7), /proc/sys/fs/pipe-user-pages-soft
constexpr std::size_t pipes_at_most = 32;
/// Fewer, larger moves: at 64 KiB, which a pipe has by default, calls cost as much as copying; at
/// this, which is the most that anyone may ask for, two thirds of what they do at 256 KiB.
constexpr std::size_t wanted_room = std::size_t{1024} * 1024;

struct Pipes {
  std::size_t made = 0;  // and not closed yet
  std::vector<std::unique_ptr<KernelPipe>> spare;
};
thread_local Pipes pipes;

}  // namespace

KernelPipe::~KernelPipe() {
  --pipes.made;
}

std::unique_ptr<KernelPipe> KernelPipe::take() {
  if (!pipes.spare.empty()) {
    auto pipe = std::move(pipes.spare.back());
    pipes.spare.pop_back();
    return pipe;
  }
  if (pipes.made == pipes_at_most) return nullptr;
  auto ends = os::pipe();
  if (!ends) return nullptr;
  static_cast<void>(os::set_pipe_size(ends->second.get(), wanted_room));
  ++pipes.made;
  return std::unique_ptr<KernelPipe>(new KernelPipe(std::move(*ends)));
}

void KernelPipe::give_back(std::unique_ptr<KernelPipe> pipe) noexcept {
  if (pipe && pipe->size_ == 0 && pipes.spare.size() < spare_at_most) {
    pipes.spare.push_back(std::move(pipe));
  }
}

void KernelPipe::drop_spare() noexcept {
  pipes.spare.clear();
}

Result<std::size_t> KernelPipe::fill(Native from, std::size_t most) noexcept {
  auto count = os::splice(from, ends_.second.get(), most);
  if (count) size_ += *count;
  return count;
}

Result<std::size_t> KernelPipe::drain(Native to) noexcept {
  auto count = os::splice(ends_.first.get(), to, size_);
  if (count) size_ -= *count;
  return count;
}

Result<std::size_t> KernelPipe::read(MutableBytes into) noexcept {
  auto count = os::read(ends_.first.get(), into);
  if (count) size_ -= *count;
  return count;
}

}  // namespace fid::detail
