// SPDX-License-Identifier: MIT
#include "support/run_test.hpp"

#include <fid/io/duplex.hpp>
#include <fid/io/pump.hpp>

#include <gtest/gtest.h>

#include <array>

namespace fid {
namespace {

using test::run_test;

TEST(Pump, MovesBytesUntilTheEndOfTheStreamAndHandsItOn) {
  run_test([]() -> Task<void> {
    auto [a, from] = duplex(8);
    auto [to, b] = duplex(8);
    const StreamPtr reader = make_stream(std::move(from));
    const StreamPtr writer = make_stream(std::move(to));
    Event changed;
    Pump pump(*reader, *writer, changed);
    pump.start();
    EXPECT_EQ(co_await a.write(as_bytes("ping")), 4U);
    co_await a.shutdown();
    std::array<std::byte, 8> buffer;
    EXPECT_EQ(co_await b.read(buffer), 4U);
    EXPECT_EQ(co_await b.read(buffer), 0U);
    co_await changed.wait();
    EXPECT_EQ(pump.end(), PumpEnd::eof);
    EXPECT_EQ(pump.bytes(), 4U);
    EXPECT_EQ(pump.unsent(), 0U);
  });
}

}  // namespace
}  // namespace fid
