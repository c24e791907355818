// SPDX-License-Identifier: MIT
#include <fid/net/socket_addr.hpp>
#include <fid/net/vsock_addr.hpp>

#include <gtest/gtest.h>

#include <linux/vm_sockets.h>
#include <sys/socket.h>

#include <array>
#include <cstring>
#include <sstream>
#include <string>
#include <unordered_set>

namespace fid {
namespace {

TEST(VsockAddr, ReadsNumbersAndNamesAndPrintsNumbers) {
  EXPECT_EQ(VsockAddr::parse("3:1234"), VsockAddr(3, 1234));
  EXPECT_EQ(VsockAddr::parse("4294967294:4294967294"), VsockAddr(4294967294, 4294967294));
  EXPECT_EQ(VsockAddr::parse("hypervisor:1"), VsockAddr(0, 1));
  EXPECT_EQ(VsockAddr::parse("local:1"), VsockAddr(1, 1));
  EXPECT_EQ(VsockAddr::parse("host:1"), VsockAddr(2, 1));
  EXPECT_EQ(VsockAddr(2, 1234).to_string(), "2:1234");
  std::ostringstream out;
  out << VsockAddr(7, 0);
  EXPECT_EQ(out.str(), "7:0");
}

TEST(VsockAddr, AnyHasASignOfItsOwn) {
  EXPECT_EQ(VsockAddr::parse("*:80"), VsockAddr(VsockAddr::any_cid, 80));
  EXPECT_EQ(VsockAddr::parse("2:*"), VsockAddr(2, VsockAddr::any_port));
  EXPECT_EQ(VsockAddr().to_string(), "*:*");
  EXPECT_EQ(VsockAddr::parse("*:*"), VsockAddr());
  EXPECT_FALSE(VsockAddr::parse("4294967295:80"));
}

TEST(VsockAddr, RefusesWhatIsNone) {
  for (const char* text : {"", ":", "2", "2:", ":80", "2:80:90", "2 :80", "2:-1", "+2:80", "0x2:80",
                           "4294967296:1", "2:4294967296", "any:80", "Host:80", "2:http"}) {
    const auto parsed = VsockAddr::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, std::errc::invalid_argument);
  }
}

TEST(VsockAddr, GoesToTheKernelsFormAndBack) {
  const VsockAddr address(0x01020304, 0xfffefdfc);
  const os::RawAddr raw = address.to_raw();
  sockaddr_vm native{};
  ASSERT_EQ(raw.length, sizeof native);
  std::memcpy(&native, raw.storage.data(), sizeof native);
  EXPECT_EQ(native.svm_family, AF_VSOCK);
  EXPECT_EQ(native.svm_cid, address.cid());
  EXPECT_EQ(native.svm_port, address.port());
  EXPECT_EQ(VsockAddr::from_raw(raw), address);
}

TEST(VsockAddr, RefusesAnAddressOfAnotherFamilyOrCutShort) {
  EXPECT_FALSE(VsockAddr::from_raw(SocketAddr(Ipv4Addr::loopback(), 80).to_raw()));
  os::RawAddr raw = VsockAddr(2, 80).to_raw();
  --raw.length;
  EXPECT_FALSE(VsockAddr::from_raw(raw));
  EXPECT_FALSE(SocketAddr::from_raw(VsockAddr(2, 80).to_raw()));
}

TEST(VsockAddr, TheSystemTellsThisMachinesOwnIdOrWhyNot) {
  const auto cid = local_vsock_cid();
  if (cid) {
    EXPECT_NE(*cid, VsockAddr::hypervisor);
  } else {
    EXPECT_EQ(cid.error().operation, "open");
  }
}

TEST(VsockAddr, BothPartsCount) {
  const std::unordered_set<VsockAddr> seen = {{1, 2}, {2, 1}, {1, 2}, {1, 3}};
  EXPECT_EQ(seen.size(), 3U);
  EXPECT_LT(VsockAddr(1, 9), VsockAddr(2, 1));
}

}  // namespace
}  // namespace fid
