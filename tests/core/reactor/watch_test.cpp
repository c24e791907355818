// SPDX-License-Identifier: MIT
#include "support/code_of.hpp"
#include "support/run_test.hpp"

#include <fid/base/os.hpp>
#include <fid/reactor/operation.hpp>
#include <fid/reactor/reactor.hpp>
#include <fid/reactor/watch.hpp>

#include <gtest/gtest.h>

namespace fid {
namespace {

using test::code_of;
using test::run_test;

std::pair<Handle, Handle> socket_pair() {
  return os::socket_pair(os::SocketType::stream).value();
}

Result<Watch> watch(Native handle) {
  return Watch::create(handle, Interest::readable, Readiness::Kind::stream);
}

std::size_t watched() {
  return Reactor::current().registrations().size();
}

TEST(Watch, LeavesItsHandleOpenWhenItGoesOrIsReplaced) {
  run_test([]() -> Task<void> {
    auto [a, b] = socket_pair();
    {
      Watch io = co_await watch(a.get());
      EXPECT_EQ(io.native(), a.get());
      EXPECT_EQ(code_of(watch(a.get())), std::errc::file_exists);
      io = co_await watch(b.get());
      EXPECT_EQ(watched(), 1U);
      const Watch again = co_await watch(a.get());
    }
    EXPECT_EQ(watched(), 0U);
    EXPECT_TRUE(os::send(a.get(), as_bytes("x")).has_value());
    EXPECT_TRUE(os::send(b.get(), as_bytes("x")).has_value());
  });
}

TEST(Watch, OneThatFailsLeavesNoSlotAndTheHandleOpen) {
  run_test([]() -> Task<void> {
    auto [near, far] = socket_pair();
    const Watch first = co_await watch(near.get());
    EXPECT_EQ(code_of(watch(near.get())), std::errc::file_exists);
    EXPECT_EQ(code_of(watch(invalid_native)), std::errc::bad_file_descriptor);
    EXPECT_EQ(watched(), 1U);
    EXPECT_TRUE(os::send(far.get(), as_bytes("x")).has_value());
    co_await ReadyOp(first.readiness(), Interest::readable);
  });
}

TEST(Watch, EndsThoughItsHandleWasClosedByOthers) {
  run_test([]() -> Task<void> {
    auto [near, far] = socket_pair();
    Watch io = co_await watch(near.get());
    near = Handle();
    EXPECT_EQ(code_of(io.stop()), std::errc::bad_file_descriptor);
    EXPECT_EQ(watched(), 0U);
    EXPECT_TRUE(io.stop().has_value()) << "a second time there is nothing to do";
  });
}

}  // namespace
}  // namespace fid
