// SPDX-License-Identifier: MIT
#include "endpoint/acceptor.hpp"

#include "support/run_test.hpp"

#include <fid/base/os.hpp>
#include <fid/task/task_group.hpp>

#include <gtest/gtest.h>

#include <utility>

namespace fid::endpoint {
namespace {

TEST(WaitUntilReadable, WhatSomebodyElseHasTakenIsNotLookedForAgain) {
  fid::test::run_test([]() -> Task<void> {
    auto ends = co_await os::socket_pair(os::SocketType::stream);
    const Registration socket =
        co_await Registration::create(std::move(ends.first), Interest::readable);
    // It has been readable, and is not any more.
    socket.readiness().set(Ready::readable);
    TaskGroup waiting;
    waiting.add(wait_until_readable(socket));
    EXPECT_EQ(waiting.size(), 1U);
    EXPECT_FALSE(socket.readiness().has(Interest::readable)) << "it looks again and again";
    co_await os::send(ends.second.get(), as_bytes("x"));
    co_await waiting.join();
  });
}

}  // namespace
}  // namespace fid::endpoint
