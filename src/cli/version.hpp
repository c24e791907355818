// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace fid::cli {

/// The program's name and version, and what it was built with: what a bug report needs.
std::string version_text();

}  // namespace fid::cli
