// SPDX-License-Identifier: MIT
#include "support/faults/injector.hpp"
#include "support/run_test.hpp"
#include "support/udp_pair.hpp"

#include <gtest/gtest.h>

#include <sys/socket.h>

#include <string>

namespace fid {
namespace {

TEST(UdpBatchFaults, OfSegmentsSentOneByOneOnlyThoseThatWereSentCount) {
  test::run_test([]() -> Task<void> {
    test::UdpPair pair = co_await test::udp_pair();
    // Without checksums Linux makes no segments.
    const int on = 1;
    EXPECT_EQ(::setsockopt(pair.near.native(), SOL_SOCKET, SO_NO_CHECK, &on, sizeof on), 0);
    const std::string text(1050, 'x');
    test::Injector injector(test::Habits{.most_datagrams = 3});
    {
      const test::Injector::Window window(injector);
      EXPECT_EQ(co_await pair.near.send_segments(as_bytes(text), 100), 300U);
      const Bytes rest = as_bytes(text).subspan(900);
      EXPECT_EQ(co_await pair.near.send_segments(rest, 100), rest.size()) << "a short one, too";
    }
    for (int i = 0; i < 5; ++i) {
      EXPECT_EQ((co_await test::receive_text(pair.far, 200)).size(), i < 4 ? 100U : 50U);
    }
  });
}

}  // namespace
}  // namespace fid
