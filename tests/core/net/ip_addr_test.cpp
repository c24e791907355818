// SPDX-License-Identifier: MIT
#include <fid/net/ip_addr.hpp>

#include <gtest/gtest.h>

#include <unordered_set>

namespace fid {
namespace {

static_assert(Ipv4Addr::loopback() == Ipv4Addr(127, 0, 0, 1));
static_assert(Ipv6Addr::loopback().segments()[7] == 1);
static_assert(IpAddr(Ipv6Addr::loopback()).is_loopback());

std::string reprinted(std::string_view text) {
  const Result<IpAddr> address = IpAddr::parse(text);
  return address ? address->to_string() : "refused";
}

IpAddr ip(std::string_view text) {
  return IpAddr::parse(text).value();
}

TEST(Ipv4Addr, IsFourDecimalNumbers) {
  EXPECT_EQ(Ipv4Addr::parse("192.0.2.255"), Ipv4Addr(192, 0, 2, 255));
  EXPECT_EQ(reprinted("0.0.0.0"), "0.0.0.0");
  EXPECT_EQ(reprinted("10.20.30.40"), "10.20.30.40");
}

TEST(Ipv4Addr, RefusesWhatOtherParsersReadDifferently) {
  for (const char* text : {"", "1", "1.2.3", "1.2.3.", "1.2.3.4.", ".1.2.3.4", "1.2.3.4.5",
                           "1..3.4", "256.1.1.1", "1.2.3.1000", "01.2.3.4", "0x1.2.3.4", " 1.2.3.4",
                           "1.2.3.4 ", "-1.2.3.4", "+1.2.3.4", "1.2.3.4:80"}) {
    EXPECT_FALSE(Ipv4Addr::parse(text)) << text;
  }
  EXPECT_EQ(Ipv4Addr::parse("x").error().code, std::errc::invalid_argument);
}

TEST(Ipv4Addr, IsClassifiedByItsRange) {
  EXPECT_TRUE(Ipv4Addr(127, 255, 0, 9).is_loopback());
  EXPECT_FALSE(Ipv4Addr(128, 0, 0, 1).is_loopback());
  EXPECT_TRUE(Ipv4Addr(224, 0, 0, 1).is_multicast());
  EXPECT_TRUE(Ipv4Addr(239, 255, 255, 255).is_multicast());
  EXPECT_FALSE(Ipv4Addr(223, 255, 255, 255).is_multicast());
  EXPECT_FALSE(Ipv4Addr(240, 0, 0, 0).is_multicast());
  EXPECT_TRUE(Ipv4Addr().is_unspecified());
  EXPECT_TRUE(Ipv4Addr::broadcast().is_broadcast());
}

// RFC 5952 section 4 and 5.
TEST(Ipv6Addr, IsPrintedInTheRecommendedForm) {
  EXPECT_EQ(reprinted("2001:DB8:0:0:0:0:0:1"), "2001:db8::1");
  EXPECT_EQ(reprinted("2001:0db8::0001"), "2001:db8::1");
  EXPECT_EQ(reprinted("2001:db8:0:1:1:1:1:1"), "2001:db8:0:1:1:1:1:1");  // one group stays
  EXPECT_EQ(reprinted("2001:0:0:1:0:0:0:1"), "2001:0:0:1::1");           // the longest
  EXPECT_EQ(reprinted("2001:db8:0:0:1:0:0:1"), "2001:db8::1:0:0:1");     // the first of two
  EXPECT_EQ(reprinted("0:0:0:0:0:0:0:0"), "::");
  EXPECT_EQ(reprinted("0:0:0:0:0:0:0:1"), "::1");
  EXPECT_EQ(reprinted("1:0:0:0:0:0:0:0"), "1::");
  EXPECT_EQ(reprinted("0:0:1:2:3:4:5:6"), "::1:2:3:4:5:6");
  EXPECT_EQ(reprinted("1:2:3:4:5:6:0:0"), "1:2:3:4:5:6::");
  EXPECT_EQ(reprinted("::ffff:c000:0201"), "::ffff:192.0.2.1");
}

TEST(Ipv6Addr, ReadsEveryForm) {
  EXPECT_EQ(ip("1:2:3:4:5:6:7:8"), IpAddr(Ipv6Addr(Ipv6Addr::Segments{1, 2, 3, 4, 5, 6, 7, 8})));
  EXPECT_EQ(ip("::"), IpAddr(Ipv6Addr::unspecified()));
  EXPECT_EQ(ip("1::8"), IpAddr(Ipv6Addr(Ipv6Addr::Segments{1, 0, 0, 0, 0, 0, 0, 8})));
  EXPECT_EQ(ip("1:2:3:4:5:6:7::"), IpAddr(Ipv6Addr(Ipv6Addr::Segments{1, 2, 3, 4, 5, 6, 7, 0})));
  EXPECT_EQ(ip("::1.2.3.4"), ip("::102:304"));
  EXPECT_EQ(ip("1:2:3:4:5:6:7.8.9.10"), ip("1:2:3:4:5:6:708:90a"));
  EXPECT_EQ(ip("64:ff9b::192.0.2.33"), ip("64:ff9b::c000:221"));
}

TEST(Ipv6Addr, RefusesWhatIsNotOne) {
  for (const char* text : {":",
                           ":::",
                           "1",
                           "1:",
                           ":1",
                           "1:2:3:4:5:6:7",
                           "1:2:3:4:5:6:7:8:9",
                           "1:2:3:4:5:6:7:8::",
                           "::1:2:3:4:5:6:7:8",
                           "1::2::3",
                           "::1:",
                           "12345::",
                           "g::",
                           "::1.2.3",
                           "::1.2.3.4:5",
                           "1.2.3.4::",
                           "1:2:3:4:5:6:7:1.2.3.4",
                           "::1%2",
                           "[::1]",
                           " ::1",
                           "::-1",
                           ""}) {
    EXPECT_FALSE(Ipv6Addr::parse(text)) << text;
  }
}

TEST(Ipv6Addr, IsClassifiedByItsPrefix) {
  EXPECT_TRUE(ip("ff02::1").is_multicast());
  EXPECT_FALSE(ip("fe80::1").is_multicast());
  EXPECT_TRUE(ip("fe80::1").as_v6()->is_link_local());
  EXPECT_TRUE(ip("febf::1").as_v6()->is_link_local());
  EXPECT_FALSE(ip("fec0::1").as_v6()->is_link_local());
  EXPECT_FALSE(ip("::2").is_loopback());
  EXPECT_TRUE(ip("::").is_unspecified());
}

TEST(IpAddr, KeepsTheFamiliesApart) {
  EXPECT_TRUE(ip("1.2.3.4").is_ipv4());
  EXPECT_TRUE(ip("::ffff:1.2.3.4").is_ipv6());
  EXPECT_NE(ip("1.2.3.4"), ip("::ffff:1.2.3.4"));
  EXPECT_LT(ip("255.255.255.255"), ip("::"));
  EXPECT_LT(ip("9.0.0.0"), ip("10.0.0.0"));
  EXPECT_LT(ip("::9"), ip("::10"));
}

TEST(IpAddr, CanonicalFormTakesAMappedAddressOut) {
  EXPECT_EQ(ip("::ffff:127.0.0.1").to_canonical(), IpAddr(Ipv4Addr::loopback()));
  EXPECT_EQ(ip("::127.0.0.1").to_canonical(), ip("::127.0.0.1"));
  EXPECT_EQ(ip("::1").to_canonical(), ip("::1"));
  EXPECT_EQ(ip("1.2.3.4").to_canonical(), ip("1.2.3.4"));
}

TEST(IpAddr, CanBeAKey) {
  const std::unordered_set<IpAddr> seen = {ip("1.2.3.4"), ip("::1"), ip("1.2.3.4")};
  EXPECT_EQ(seen.size(), 2u);
  EXPECT_TRUE(seen.contains(ip("0:0::1")));
}

}  // namespace
}  // namespace fid
