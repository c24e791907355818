// SPDX-License-Identifier: MIT
#include "support/code_of.hpp"
#include "support/run_test.hpp"

#include <fid/base/error.hpp>
#include <fid/net/lookup_host.hpp>
#include <fid/task/race.hpp>
#include <fid/task/run_queue.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace fid {
namespace {

using test::code_of;
using test::run_test;
using testing::ElementsAre;

TEST(LookupHost, GivesLiteralsWithoutWaiting) {
  run_test([]() -> Task<void> {
    const auto turns = Reactor::current().wake_ups();
    const auto addresses = co_await lookup_host("[::1]:80");
    EXPECT_THAT(addresses, ElementsAre(SocketAddr(Ipv6Addr::loopback(), 80)));
    EXPECT_EQ(Reactor::current().wake_ups(), turns);
  });
}

TEST(LookupHost, AsksTheSystemForNamesAndGivesEachAddressOnce) {
  run_test([]() -> Task<void> {
    const auto addresses = co_await lookup_host("localhost:80");
    EXPECT_FALSE(addresses.empty());
    const std::set<SocketAddr> different(addresses.begin(), addresses.end());
    EXPECT_EQ(different.size(), addresses.size());
    for (const SocketAddr& address : addresses) {
      EXPECT_TRUE(address.ip().is_loopback()) << address;
      EXPECT_EQ(address.port(), 80);
    }
  });
}

TEST(LookupHost, KnowsServicesByName) {
  run_test([]() -> Task<void> {
    const auto addresses = co_await lookup_host({"127.0.0.1", "http"});
    EXPECT_THAT(addresses, ElementsAre(SocketAddr(Ipv4Addr::loopback(), 80)));
  });
}

TEST(LookupHost, ReportsWhatTheResolverSays) {
  run_test([]() -> Task<void> {
    const auto unknown = co_await as_result(lookup_host("no such name:80"));
    EXPECT_EQ(code_of(unknown).category(), resolver_category());
    const auto malformed = co_await as_result(lookup_host("localhost"));
    EXPECT_EQ(code_of(malformed), std::errc::invalid_argument);
  });
}

TEST(LookupHost, LeavesTheReactorToOthersMeanwhile) {
  run_test([]() -> Task<void> {
    const auto yielding = []() -> Task<void> { co_await yield_now(); };
    const auto first = co_await race(lookup_host("localhost:80"), yielding());
    EXPECT_EQ(first.index(), 1U);
  });
}

}  // namespace
}  // namespace fid
