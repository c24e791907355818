// SPDX-License-Identifier: MIT
#include "service/load/discard.hpp"

#include "support/handle_stream.hpp"
#include "support/run_test.hpp"

#include <fid/io/ops.hpp>

#include <gtest/gtest.h>

#include <array>
#include <utility>

namespace fid::service::load {
namespace {

using test::HandleStream;
using test::run_test;

void drops_what_comes(test::HandlePair (*make)()) {
  run_test([make]() -> Task<void> {
    auto [near, far] = make();
    HandleStream from(std::move(near));
    const StreamPtr to = make_stream(HandleStream(std::move(far)));
    std::array<std::byte, 1000> scratch;
    co_await write_all(from, as_bytes("seven b"));
    EXPECT_EQ(co_await Discard(*to, scratch), 7U);
    const Buffer much(2500);
    co_await write_all(from, much);
    co_await from.shutdown();
    std::size_t dropped = 0;
    while (const std::size_t n = co_await Discard(*to, scratch)) {
      EXPECT_LE(n, scratch.size());
      dropped += n;
    }
    EXPECT_EQ(dropped, much.size());
  });
}

TEST(Discard, DropsWhatASocketHasReceivedUntilItsEnd) {
  drops_what_comes(test::socket_handles);
}

TEST(Discard, DropsWhatATcpSocketHasReceivedUntilItsEnd) {
  drops_what_comes(test::tcp_handles);
}

}  // namespace
}  // namespace fid::service::load
