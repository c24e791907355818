// SPDX-License-Identifier: MIT
#include "core/faults/scenarios.hpp"

#include <array>
#include <string>

namespace fid::test {
namespace {

struct Family {
  const char* name;
  std::vector<Scenario> (*scenarios)();
};

constexpr std::array families{
    Family{"File", file_scenarios},       Family{"Io", io_scenarios},
    Family{"Pipe", pipe_scenarios},       Family{"Process", process_scenarios},
    Family{"Reactor", reactor_scenarios}, Family{"Tcp", tcp_scenarios},
    Family{"Udp", udp_scenarios},         Family{"Unix", unix_scenarios},
    Family{"Vsock", vsock_scenarios},
};

}  // namespace

std::vector<Scenario> all_scenarios() {
  std::vector<Scenario> all;
  for (const Family& family : families) {
    for (Scenario& each : family.scenarios()) {
      all.push_back(std::move(each).of_family(family.name));
    }
  }
  return all;
}

}  // namespace fid::test
