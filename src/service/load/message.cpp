// SPDX-License-Identifier: MIT
#include "service/load/message.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <random>

namespace fid::service::load {

Buffer make_message(std::size_t size, std::uint64_t seed) {
  std::minstd_rand random(static_cast<std::minstd_rand::result_type>(seed % 1'000'003 + 1));
  Buffer message(size);
  std::generate(message.begin(), message.end(), [&] { return static_cast<std::byte>(random()); });
  return message;
}

void stamp(MutableBytes message, std::uint64_t number) {
  const auto bytes = std::bit_cast<std::array<std::byte, sizeof number>>(number);
  std::copy_n(bytes.begin(), std::min(bytes.size(), message.size()), message.begin());
}

}  // namespace fid::service::load
