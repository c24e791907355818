// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace fid::endpoint {

/// What a word that is being typed may become.
struct Candidate {
  std::string word;  ///< the whole word; it begins with what has been typed
  std::string help;  ///< a few words; may be empty
};

}  // namespace fid::endpoint
