// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>

namespace fid::test {

/// The descriptors that are open when it is made. Only where the system lists them: Linux's
/// /proc/self/fd.
class OpenDescriptors {
 public:
  OpenDescriptors();
  /// Fails the test if one was left open since, closed, or made to stand for something else.
  void expect_unchanged() const;

  /// What each number stands for: "socket:[123]", "/dev/null".
  using Open = std::map<std::string, std::string>;
  static Open open_now();

 private:
  Open before_;
};

/// Fails every test that does not leave the process's descriptors as they were.
class DescriptorLeaks : public testing::EmptyTestEventListener {
 public:
  void OnTestStart(const testing::TestInfo& test) override;
  void OnTestEnd(const testing::TestInfo& test) override;

 private:
  std::optional<OpenDescriptors> before_;
};

}  // namespace fid::test
