// SPDX-License-Identifier: MIT
#include "platform/selectors.hpp"

#include <array>

namespace fid {
namespace {

constexpr std::array<std::string_view, 1> names{"epoll"};

}  // namespace

std::span<const std::string_view> selector_names() noexcept {
  return names;
}

Result<std::unique_ptr<Selector>> make_selector(std::string_view name) {
  if (name.empty() || name == "epoll") return platform::make_epoll_selector();
  return fail(std::errc::invalid_argument, "selector");
}

}  // namespace fid
