// SPDX-License-Identifier: MIT
#include <fid/base/os.hpp>
#include <fid/net/peer_cred.hpp>

#include <gtest/gtest.h>

#include <unistd.h>

#include <unordered_set>

namespace fid {
namespace {

TEST(PeerCred, BothEndsOfAPairReportThisProcess) {
  const auto [left, right] = os::socket_pair(os::SocketType::stream).value();
  const UCred self(::geteuid(), ::getegid(), ::getpid());
  EXPECT_EQ(peer_cred(left.get()), self);
  EXPECT_EQ(peer_cred(right.get()), self);
}

TEST(PeerCred, NobodyIsAtTheOtherEndOfASocketThatIsNotConnected) {
  for (const os::Family family : {os::Family::local, os::Family::inet4}) {
    const Handle socket = os::socket(family, os::SocketType::stream).value();
    const Result<UCred> cred = peer_cred(socket.get());
    ASSERT_FALSE(cred);
    EXPECT_EQ(cred.error().code, std::errc::not_connected);
  }
}

TEST(PeerCred, EveryPartCountsAndIsPrinted) {
  const UCred known(1000, 100, 42);
  const UCred unknown(1000, 100, std::nullopt);
  EXPECT_EQ(known.to_string(), "uid=1000 gid=100 pid=42");
  EXPECT_EQ(unknown.to_string(), "uid=1000 gid=100");
  const std::unordered_set<UCred> seen = {known, unknown, UCred(1001, 100, 42), known};
  EXPECT_EQ(seen.size(), 3u);
}

}  // namespace
}  // namespace fid
