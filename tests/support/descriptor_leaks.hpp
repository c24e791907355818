// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace fid::test {

/// Fails every test that leaves a descriptor open, closes one it did not open, or makes one stand
/// for something else. Only where the system lists them: Linux's /proc/self/fd.
class DescriptorLeaks : public testing::EmptyTestEventListener {
 public:
  void OnTestStart(const testing::TestInfo& test) override;
  void OnTestEnd(const testing::TestInfo& test) override;

 private:
  /// What each number stands for: "socket:[123]", "/dev/null".
  using Open = std::map<std::string, std::string>;
  static Open open_now();

  Open before_;
};

}  // namespace fid::test
