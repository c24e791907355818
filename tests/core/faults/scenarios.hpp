// SPDX-License-Identifier: MIT
#pragma once

#include "support/faults/scenario.hpp"

#include <vector>

/// What is done with the library while its calls fail: a list for each family of operations, in
/// FAMILY_scenarios.cpp.
namespace fid::test {

std::vector<Scenario> file_scenarios();
std::vector<Scenario> io_scenarios();
std::vector<Scenario> pipe_scenarios();
std::vector<Scenario> process_scenarios();
std::vector<Scenario> reactor_scenarios();
std::vector<Scenario> tcp_scenarios();
std::vector<Scenario> udp_scenarios();
std::vector<Scenario> unix_scenarios();
std::vector<Scenario> vsock_scenarios();

/// All of them, the name of the family before theirs.
std::vector<Scenario> all_scenarios();

}  // namespace fid::test
