// SPDX-License-Identifier: MIT
#pragma once

#include <gtest/gtest.h>

#include <pthread.h>

#include <cstddef>

namespace fid::test {

/// While it lives no thread can be started: there is no memory for the stacks they would get.
class NoNewThreads {
 public:
  NoNewThreads() {
    EXPECT_EQ(::pthread_getattr_default_np(&before_), 0);
    pthread_attr_t none{};
    EXPECT_EQ(::pthread_attr_init(&none), 0);
    EXPECT_EQ(::pthread_attr_setstacksize(&none, std::size_t{1} << 47U), 0);
    EXPECT_EQ(::pthread_setattr_default_np(&none), 0);
    ::pthread_attr_destroy(&none);
  }
  NoNewThreads(const NoNewThreads&) = delete;
  NoNewThreads& operator=(const NoNewThreads&) = delete;
  ~NoNewThreads() {
    EXPECT_EQ(::pthread_setattr_default_np(&before_), 0);
    ::pthread_attr_destroy(&before_);
  }

 private:
  pthread_attr_t before_{};
};

}  // namespace fid::test
