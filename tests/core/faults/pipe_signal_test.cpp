// SPDX-License-Identifier: MIT
#include "support/faults/injector.hpp"

#include <fid/reactor/thread_signals.hpp>

#include <gtest/gtest.h>

#include <pthread.h>
#include <signal.h>

#include <cerrno>

namespace fid {
namespace {

TEST(PipeSignalGuard, TakesItsSignalAwayAlthoughAnotherInterrupts) {
  test::Fault fault{{"sigtimedwait", ""}, 0, EINTR};
  test::Injector injector(fault);
  {
    const test::Injector::Window window(injector);
    const PipeSignalGuard guard;
    // It would end the process if it were still there when the guard lets it through.
    EXPECT_EQ(::pthread_kill(::pthread_self(), SIGPIPE), 0);
  }
  EXPECT_TRUE(injector.struck());
}

}  // namespace
}  // namespace fid
