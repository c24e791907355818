// SPDX-License-Identifier: MIT
#include "core/cancellation/cases.hpp"
#include "support/public_operations.hpp"
#include "support/vsock.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <string>

namespace fid::test {
namespace {

CancellationCases all_cases() {
  CancellationCases cases;
  add_connecting_cases(cases);
  add_message_cases(cases);
  add_stream_cases(cases);
  add_stream_function_cases(cases);
  add_system_cases(cases);
  add_task_cases(cases);
  return cases;
}

class EveryOperation : public testing::TestWithParam<CancellationCase> {};

TEST_P(EveryOperation, LeavesNoTraceWhereverItIsDestroyed) {
  GetParam().run();
}

std::string name_of(const testing::TestParamInfo<CancellationCase>& info) {
  std::string name = info.param.operation + (info.param.on.empty() ? "" : "_") + info.param.on;
  const auto is_no_letter = [](unsigned char c) { return std::isalnum(c) == 0; };
  std::replace_if(name.begin(), name.end(), is_no_letter, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Cancellation, EveryOperation, testing::ValuesIn(all_cases()), name_of);

/// Who adds an operation adds a case.
TEST(EveryOperationOfThePublicHeaders, IsDestroyedSomewhere) {
  std::set<std::string> tried;
  for (const CancellationCase& each : all_cases()) tried.insert(each.operation);
  if (!has_vsock_loopback()) tried.insert("VsockStream::connect");
  std::set<std::string> declared = public_operations();
  declared.merge(public_tasks());
  // Takes a task as it is, or makes one of an operation.
  declared.erase("as_task");
  EXPECT_GT(declared.size(), 50U);
  for (const std::string& name : declared) {
    EXPECT_TRUE(tried.contains(name)) << name << " is destroyed nowhere while it waits";
  }
}

}  // namespace
}  // namespace fid::test
