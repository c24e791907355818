// SPDX-License-Identifier: MIT
#include <fid/net/address_list.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace fid {
namespace {

using testing::ElementsAre;

constexpr Ipv4Addr four(10, 0, 0, 1);
constexpr Ipv6Addr six = Ipv6Addr::loopback();

std::vector<SocketAddr> addresses_of(const AddressList& list) {
  const auto known = list.known();
  if (!known) {
    ADD_FAILURE() << "needs a resolver";
    return {};
  }
  return known->value();
}

void expect_invalid(const AddressList& list) {
  const auto known = list.known();
  ASSERT_TRUE(known.has_value());
  ASSERT_FALSE(known->has_value());
  EXPECT_EQ(known->error().code, std::errc::invalid_argument);
}

TEST(AddressList, TakesAddressesAsTheyAre) {
  const SocketAddrV6 scoped(six, 80, 7, 3);
  EXPECT_THAT(addresses_of(SocketAddr(four, 80)), ElementsAre(SocketAddr(four, 80)));
  EXPECT_THAT(addresses_of(SocketAddrV4(four, 80)), ElementsAre(SocketAddr(four, 80)));
  EXPECT_THAT(addresses_of(scoped), ElementsAre(SocketAddr(scoped)));
  EXPECT_THAT(addresses_of({IpAddr(four), 80}), ElementsAre(SocketAddr(four, 80)));
  EXPECT_THAT(addresses_of({four, 80}), ElementsAre(SocketAddr(four, 80)));
  EXPECT_THAT(addresses_of({six, 80}), ElementsAre(SocketAddr(six, 80)));
}

TEST(AddressList, TakesSeveralAddressesInOrder) {
  const std::array several{SocketAddr(six, 1), SocketAddr(four, 2)};
  const std::vector<SocketAddr> as_vector(several.begin(), several.end());
  EXPECT_EQ(addresses_of(several), as_vector);
  EXPECT_EQ(addresses_of(std::span(several)), as_vector);
  EXPECT_EQ(addresses_of(as_vector), as_vector);
  EXPECT_TRUE(addresses_of(std::vector<SocketAddr>()).empty());
}

TEST(AddressList, KnowsLiteralsWithoutAResolver) {
  EXPECT_THAT(addresses_of("10.0.0.1:80"), ElementsAre(SocketAddr(four, 80)));
  EXPECT_THAT(addresses_of(std::string("[::1]:80")), ElementsAre(SocketAddr(six, 80)));
  EXPECT_THAT(addresses_of("[::1%2]:80"), ElementsAre(SocketAddr(SocketAddrV6(six, 80, 0, 2))));
  EXPECT_THAT(addresses_of({"10.0.0.1", 80}), ElementsAre(SocketAddr(four, 80)));
  EXPECT_THAT(addresses_of({std::string("::1"), 80}), ElementsAre(SocketAddr(six, 80)));
  EXPECT_THAT(addresses_of({"::1", "80"}), ElementsAre(SocketAddr(six, 80)));
}

TEST(AddressList, LeavesNamesToAResolver) {
  const AddressList named("example.org:80");
  EXPECT_FALSE(named.known().has_value());
  EXPECT_EQ(named.host(), "example.org");
  EXPECT_EQ(named.service(), "80");
  EXPECT_FALSE(AddressList("example.org", 80).known().has_value());
  EXPECT_FALSE(AddressList("10.0.0.1", "http").known().has_value());
  EXPECT_FALSE(AddressList("fe80::1%eth0", 80).known().has_value());
  const AddressList scoped("[fe80::1%eth0]:80");
  EXPECT_FALSE(scoped.known().has_value());
  EXPECT_EQ(scoped.host(), "fe80::1%eth0");
}

TEST(AddressList, RefusesWhatHasNoPort) {
  for (const char* text : {"10.0.0.1", "example.org", "example.org:", "example.org:65536",
                           "example.org:http", "example.org:-1", ""}) {
    SCOPED_TRACE(text);
    expect_invalid(text);
  }
  expect_invalid({"example.org", "65536"});
  expect_invalid({"example.org", ""});
}

TEST(AddressList, WantsBracketsAroundIpv6AndNothingElse) {
  for (const char* text : {"::1:80", "[::1]80", "[::1:80", "[example.org]:80", "[]:80"}) {
    SCOPED_TRACE(text);
    expect_invalid(text);
  }
}

TEST(AddressList, RefusesANameCutByANul) {
  expect_invalid(std::string("example.org\0.evil:80", 20));
  expect_invalid({std::string("example.org\0.evil", 17), 80});
}

}  // namespace
}  // namespace fid
