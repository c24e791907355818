// SPDX-License-Identifier: MIT
#pragma once

#include <fid/reactor/selector.hpp>

/// The selectors that platforms implement; CMake picks those that are built.
namespace fid::platform {

Result<std::unique_ptr<Selector>> make_epoll_selector();

}  // namespace fid::platform
