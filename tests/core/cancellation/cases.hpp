// SPDX-License-Identifier: MIT
#pragma once

#include "support/cancelling.hpp"

#include <functional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

/// Every operation of the library, destroyed wherever it waits (G11): one table for all of them.
/// A file here adds the cases of one kind; every_operation_test.cpp runs them, and fails if an
/// operation of the public headers has none.
namespace fid::test {

struct CancellationCase {
  std::string operation;  ///< the class, or Class::function, as the public headers have it
  std::string on;         ///< what it is tried on, if that makes a difference
  std::function<void()> run;
};

inline std::ostream& operator<<(std::ostream& out, const CancellationCase& each) {
  return out << each.operation << (each.on.empty() ? "" : " on ") << each.on;
}

using CancellationCases = std::vector<CancellationCase>;

void add_connecting_cases(CancellationCases& cases);
void add_message_cases(CancellationCases& cases);
void add_stream_cases(CancellationCases& cases);
void add_stream_function_cases(CancellationCases& cases);
void add_system_cases(CancellationCases& cases);
void add_task_cases(CancellationCases& cases);

/// The operation of World, which is destroyed at `at_least` suspensions.
template <class World>
void add(CancellationCases& cases, std::string operation, std::string on = {}, int at_least = 1) {
  cases.push_back({std::move(operation), std::move(on),
                   [at_least] { destroy_at_each_suspension<World>(at_least); }});
}

}  // namespace fid::test
