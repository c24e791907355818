// SPDX-License-Identifier: MIT
// For the program that makes the pages.
#include "cli/pages.hpp"

namespace fid::cli {

std::span<const Page> pages() {
  return {};
}

}  // namespace fid::cli
