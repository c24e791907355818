// SPDX-License-Identifier: MIT
#pragma once

#include "endpoint/candidate.hpp"
#include "endpoint/placement.hpp"

#include <string_view>
#include <vector>

namespace fid::endpoint {

/// What an address of which `typed` has been written may become: schemes that can stand in `place`,
/// paths of the right type, options that have an effect there, their values.
std::vector<Candidate> complete_address(std::string_view typed, Place place);

/// The words of find_scheme() that begin with `typed`.
std::vector<Candidate> complete_scheme(std::string_view typed);

}  // namespace fid::endpoint
