// SPDX-License-Identifier: MIT
#include <fid/net/socket_addr.hpp>
#include <fid/net/unix_addr.hpp>

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstring>
#include <unordered_set>

namespace fid {
namespace {

std::string reprinted(std::string_view text) {
  const Result<SocketAddr> address = SocketAddr::parse(text);
  return address ? address->to_string() : "refused";
}

TEST(SocketAddr, ReadsAndPrintsBothFamilies) {
  EXPECT_EQ(reprinted("1.2.3.4:80"), "1.2.3.4:80");
  EXPECT_EQ(reprinted("0.0.0.0:0"), "0.0.0.0:0");
  EXPECT_EQ(reprinted("1.2.3.4:65535"), "1.2.3.4:65535");
  EXPECT_EQ(reprinted("[::1]:80"), "[::1]:80");
  EXPECT_EQ(reprinted("[FE80:0::1%2]:80"), "[fe80::1%2]:80");
  EXPECT_EQ(reprinted("[::ffff:1.2.3.4]:1"), "[::ffff:1.2.3.4]:1");
}

TEST(SocketAddr, RefusesWhatIsIncompleteOrAmbiguous) {
  for (const char* text :
       {"", "1.2.3.4", "1.2.3.4:", "1.2.3.4:65536", "1.2.3.4:-1", "1.2.3.4:+1", "1.2.3.4:8 ", ":80",
        "::1:80", "[::1]", "[::1]80", "[::1]:", "[::1:80", "::1]:80", "[1.2.3.4]:80", "[::1%]:80",
        "[::1%eth0]:80", "[::1%4294967296]:80", "host:80"}) {
    EXPECT_FALSE(SocketAddr::parse(text)) << text;
  }
  EXPECT_EQ(SocketAddr::parse("x").error().code, std::errc::invalid_argument);
}

TEST(SocketAddr, GivesItsParts) {
  const SocketAddr address = SocketAddr::parse("[fe80::1%7]:443").value();
  EXPECT_EQ(address.ip(), IpAddr::parse("fe80::1"));
  EXPECT_EQ(address.port(), 443);
  EXPECT_EQ(address.family(), os::Family::inet6);
  ASSERT_TRUE(address.is_ipv6());
  EXPECT_EQ(address.as_v6()->scope_id(), 7u);
  EXPECT_EQ(SocketAddr(IpAddr(Ipv4Addr::loopback()), 9).to_string(), "127.0.0.1:9");

  SocketAddr other = address;
  other.set_port(80);
  EXPECT_EQ(other.to_string(), "[fe80::1%7]:80");
}

TEST(SocketAddr, EveryPartCountsInComparisons) {
  const Ipv6Addr ip = Ipv6Addr::loopback();
  EXPECT_NE(SocketAddr(SocketAddrV6(ip, 1)), SocketAddr(SocketAddrV6(ip, 2)));
  EXPECT_NE(SocketAddr(SocketAddrV6(ip, 1, 1)), SocketAddr(SocketAddrV6(ip, 1, 2)));
  EXPECT_NE(SocketAddr(SocketAddrV6(ip, 1, 0, 1)), SocketAddr(SocketAddrV6(ip, 1, 0, 2)));
  EXPECT_LT(SocketAddr::parse("1.2.3.4:9").value(), SocketAddr::parse("1.2.3.4:10").value());
  const std::unordered_set<SocketAddr> seen = {SocketAddrV6(ip, 1), SocketAddrV6(ip, 2),
                                               SocketAddrV6(ip, 1)};
  EXPECT_EQ(seen.size(), 2u);
}

TEST(SocketAddr, GoesToTheKernelsFormAndBack) {
  const SocketAddr v4 = SocketAddr::parse("192.0.2.1:8080").value();
  EXPECT_EQ(SocketAddr::from_raw(v4.to_raw()), v4);
  const SocketAddr v6 = SocketAddrV6(Ipv6Addr::parse("fe80::1:2").value(), 8080, 0x12345, 3);
  EXPECT_EQ(SocketAddr::from_raw(v6.to_raw()), v6);
}

TEST(SocketAddr, HasTheKernelsByteOrderInItsForm) {
  const os::RawAddr raw = SocketAddr::parse("127.0.0.1:80").value().to_raw();
  sockaddr_in native{};
  ASSERT_EQ(raw.length, sizeof native);
  std::memcpy(&native, raw.storage.data(), sizeof native);
  EXPECT_EQ(native.sin_family, AF_INET);
  EXPECT_EQ(native.sin_port, htons(80));
  EXPECT_EQ(native.sin_addr.s_addr, htonl(INADDR_LOOPBACK));
}

TEST(SocketAddr, RefusesAnAddressOfAnotherFamilyOrCutShort) {
  EXPECT_FALSE(SocketAddr::from_raw(UnixAddr().to_raw()));
  EXPECT_FALSE(SocketAddr::from_raw(UnixAddr::from_path(std::string(60, 'x'))->to_raw()));
  EXPECT_FALSE(SocketAddr::from_raw(os::RawAddr()));
  os::RawAddr cut = SocketAddr::parse("[::1]:80").value().to_raw();
  --cut.length;
  EXPECT_FALSE(SocketAddr::from_raw(cut));
}

TEST(SocketAddr, NamesASocketThatTheKernelBound) {
  const Handle socket = os::socket(os::Family::inet6, os::SocketType::stream).value();
  ASSERT_TRUE(os::bind(socket.get(), SocketAddr(SocketAddrV6(Ipv6Addr::loopback(), 0)).to_raw()));
  const SocketAddr bound = SocketAddr::from_raw(os::local_name(socket.get()).value()).value();
  EXPECT_EQ(bound.ip(), IpAddr(Ipv6Addr::loopback()));
  EXPECT_NE(bound.port(), 0);
}

}  // namespace
}  // namespace fid
