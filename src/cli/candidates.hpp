// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/candidate.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fid::cli {

/// What the last word of a command line may become.
struct Completion {
  std::vector<endpoint::Candidate> candidates;
  /// Where among the words another program's command line begins, after `--`: the shell knows how
  /// to complete that.
  std::optional<std::size_t> command_at;
};

/// `words` come after the program's name and end where the cursor is; the last may be empty. The
/// answer is made from the declarations that read the command line.
Completion complete(std::span<const std::string> words);

}  // namespace fid::cli
