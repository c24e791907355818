// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/candidate.hpp"

#include <string_view>
#include <vector>

namespace fid::endpoint {

/// Which files a path may name. Directories lead to any of them.
enum class FileType { any, socket, fifo };

/// How a path is written: as it is, or as a piece of an address (quoting.hpp).
enum class Spelling { plain, in_address };

/// The files whose path begins with `typed`, each with `before` in front; directories end in a
/// slash. Hidden ones only if the dot has been typed.
std::vector<Candidate> complete_path(std::string_view before, std::string_view typed, FileType type,
                                     Spelling spelling);

}  // namespace fid::endpoint
