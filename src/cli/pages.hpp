// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string_view>

namespace fid::cli {

/// A page of the manual, as text.
struct Page {
  std::string_view name;  ///< as man(1) knows it: fid-relay
  std::string_view text;
};

/// The manual that is built into this program. Its pages are made by a program without any.
std::span<const Page> pages();

}  // namespace fid::cli
