// SPDX-License-Identifier: MIT
#include "load/flow.hpp"

#include "load/pattern.hpp"
#include "load/request.hpp"

#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

namespace load {
namespace {

constexpr std::uint64_t block_size = 1024 * 1024;

iovec vector_of(std::span<const char> data) {
  return {const_cast<char*>(data.data()), data.size()};
}

}  // namespace

Flow Source::pump(const Fd& socket) {
  if (between_blocks()) begin_block();
  const auto length = bytes_of(length_).last(length_left_);
  const auto content = pattern(seed_, bytes_, block_left_);
  std::array parts = {vector_of(length), vector_of(content)};
  msghdr message{};
  message.msg_iov = parts.data();
  message.msg_iovlen = parts.size();
  const ssize_t sent = sendmsg(socket.get(), &message, MSG_NOSIGNAL);
  if (sent < 0) {
    if (errno == EAGAIN) return Flow::blocked;
    if (errno == EPIPE || errno == ECONNRESET) return Flow::broken;
    checked(-1, "sendmsg");
  }
  const auto of_length = std::min(static_cast<std::size_t>(sent), length_left_);
  length_left_ -= of_length;
  block_left_ -= static_cast<std::size_t>(sent) - of_length;
  bytes_ += static_cast<std::size_t>(sent) - of_length;
  return last_ && between_blocks() ? Flow::ended : Flow::going;
}

void Source::begin_block() {
  length_ = block_size;
  if (limit_.bytes != 0) length_ = std::min(length_, limit_.bytes - bytes_);
  if (limit_.deadline != Clock::time_point{} && Clock::now() >= limit_.deadline) length_ = 0;
  last_ = length_ == 0;
  length_left_ = sizeof length_;
  block_left_ = length_;
}

Flow Sink::pump(const Fd& socket) {
  static thread_local std::vector<char> buffer(block_size);
  const bool content = length_left_ == 0;
  const std::size_t size =
      content ? std::min<std::uint64_t>(buffer.size(), block_left_) : length_left_;
  const bool drop = content && !verify_;
  const ssize_t received = recv(socket.get(), buffer.data(), size, drop ? MSG_TRUNC : 0);
  if (received < 0) {
    if (errno == EAGAIN) return Flow::blocked;
    if (errno == ECONNRESET) return Flow::broken;
    checked(-1, "recv");
  }
  if (received == 0) return Flow::broken;
  const auto n = static_cast<std::size_t>(received);
  if (!drop) return take({buffer.data(), n});
  count(n);
  return Flow::going;
}

Flow Sink::take(std::span<const char> data) {
  while (!data.empty()) {
    if (length_left_ > 0) {
      const std::size_t n = std::min(length_left_, data.size());
      std::copy_n(data.data(), n, writable_bytes_of(length_).last(length_left_).data());
      length_left_ -= n;
      data = data.subspan(n);
      if (length_left_ > 0) break;
      if (length_ == 0) return Flow::ended;
      block_left_ = length_;
    } else {
      const std::size_t n = std::min<std::uint64_t>(block_left_, data.size());
      if (verify_ && !matches_pattern(seed_, bytes_, data.first(n))) intact_ = false;
      count(n);
      data = data.subspan(n);
    }
  }
  return Flow::going;
}

void Sink::count(std::uint64_t content) noexcept {
  bytes_ += content;
  block_left_ -= content;
  if (block_left_ == 0) length_left_ = sizeof length_;
}

}  // namespace load
