// SPDX-License-Identifier: MIT
#include "support/pty.hpp"

#include <fid/base/os.hpp>
#include <fid/sys/terminal.hpp>

#include <gtest/gtest.h>

#include <sys/ioctl.h>

namespace fid {
namespace {

TEST(Terminal, IsToldFromOtherHandlesAndTellsItsSize) {
  const test::Terminal terminal(test::Terminal::Mode::lines);
  EXPECT_TRUE(is_terminal(terminal.program.get()));
  EXPECT_EQ(window_size(terminal.program.get()), (WindowSize{80, 24}));
  const auto pipe = os::pipe().value();
  EXPECT_FALSE(is_terminal(pipe.first.get()));
  EXPECT_EQ(window_size(pipe.first.get()), std::nullopt);
}

TEST(Terminal, OneWithoutASizeTellsNone) {
  const test::Terminal terminal(test::Terminal::Mode::lines);
  const winsize unknown{};
  ASSERT_EQ(::ioctl(terminal.program.get(), TIOCSWINSZ, &unknown), 0);
  EXPECT_EQ(window_size(terminal.program.get()), std::nullopt);
}

TEST(Terminal, TheMasterOfAPseudoTerminalIsNotReopenedAsAnother) {
  const test::Terminal terminal(test::Terminal::Mode::lines);
  EXPECT_EQ(os::reopen(terminal.user.get(), os::Access{true, false}).error().code,
            std::errc::not_supported);
}

}  // namespace
}  // namespace fid
