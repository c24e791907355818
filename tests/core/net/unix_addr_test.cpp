// SPDX-License-Identifier: MIT
#include "support/temp_dir.hpp"

#include <fid/net/socket_addr.hpp>
#include <fid/net/unix_addr.hpp>

#include <gtest/gtest.h>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <unordered_set>

namespace fid {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

constexpr std::uint32_t prefix = offsetof(sockaddr_un, sun_path);

TEST(UnixAddr, APathCountsItsTerminator) {
  const UnixAddr address = UnixAddr::from_path("/run/x.sock").value();
  EXPECT_EQ(address.as_pathname(), "/run/x.sock"sv);
  EXPECT_EQ(address.as_abstract_name(), std::nullopt);
  EXPECT_FALSE(address.is_unnamed());
  EXPECT_EQ(address.to_raw().length, prefix + 12);
  EXPECT_EQ(UnixAddr::from_raw(address.to_raw()), address);
}

TEST(UnixAddr, APathMustFitAndBeWhole) {
  EXPECT_TRUE(UnixAddr::from_path(std::string(107, 'p')));
  for (const std::string& path : {std::string(108, 'p'), std::string("a\0b", 3), std::string()}) {
    const Result<UnixAddr> refused = UnixAddr::from_path(path);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, std::errc::invalid_argument);
  }
}

TEST(UnixAddr, AnAbstractNameCountsEveryByteAndNoTerminator) {
  const UnixAddr address = UnixAddr::from_abstract("a\0b\0"sv).value();
  EXPECT_EQ(address.as_abstract_name(), "a\0b\0"sv);
  EXPECT_EQ(address.as_pathname(), std::nullopt);
  EXPECT_EQ(address.to_raw().length, prefix + 1 + 4);
  EXPECT_EQ(address.to_raw().storage[prefix], std::byte{0});
  EXPECT_EQ(UnixAddr::from_raw(address.to_raw()), address);
  EXPECT_NE(address, UnixAddr::from_abstract("a\0b"sv).value());
}

TEST(UnixAddr, AnAbstractNameMustFit) {
  const UnixAddr longest = UnixAddr::from_abstract(std::string(107, 'n')).value();
  EXPECT_EQ(UnixAddr::from_raw(longest.to_raw()), longest);
  EXPECT_EQ(UnixAddr::from_abstract(std::string(108, 'n')).error().code,
            std::errc::invalid_argument);
}

TEST(UnixAddr, ALeadingNulSelectsAnAbstractName) {
  EXPECT_EQ(UnixAddr::parse("\0name"sv), UnixAddr::from_abstract("name"));
  EXPECT_EQ(UnixAddr::parse("name"), UnixAddr::from_path("name"));
  EXPECT_FALSE(UnixAddr::parse("na\0me"sv));
}

TEST(UnixAddr, NoNameIsUnnamedHoweverItIsReported) {
  EXPECT_TRUE(UnixAddr().is_unnamed());
  EXPECT_EQ(UnixAddr().to_raw().length, prefix);
  EXPECT_EQ(UnixAddr::from_raw(UnixAddr().to_raw()), UnixAddr());
  EXPECT_EQ(UnixAddr::from_raw(os::RawAddr()), UnixAddr());
}

TEST(UnixAddr, APathThatFillsItsRoomSurvives) {
  os::RawAddr raw = UnixAddr::from_path(std::string(107, 'p')).value().to_raw();
  raw.storage[prefix + 107] = std::byte{'p'};
  const UnixAddr address = UnixAddr::from_raw(raw).value();
  EXPECT_EQ(address.as_pathname(), std::string(108, 'p'));
  EXPECT_EQ(address.to_raw().length, prefix + 108);
  EXPECT_EQ(address.to_raw().storage, raw.storage);
}

TEST(UnixAddr, RefusesAnAddressOfAnotherFamily) {
  EXPECT_FALSE(UnixAddr::from_raw(SocketAddr().to_raw()));
}

TEST(UnixAddr, PrintsTheThreeKindsApart) {
  EXPECT_EQ(UnixAddr().to_string(), "(unnamed)");
  EXPECT_EQ(UnixAddr::from_path("/run/x").value().to_string(), "/run/x");
  EXPECT_EQ(UnixAddr::from_abstract("x").value().to_string(), "@x");
  EXPECT_EQ(UnixAddr::from_path("@x").value().to_string(), "./@x");
  EXPECT_EQ(UnixAddr::from_path("(unnamed)").value().to_string(), "./(unnamed)");
  EXPECT_EQ(UnixAddr::from_abstract("a\0\x1b\\"sv).value().to_string(), "@a\\x00\\x1b\\\\");
}

TEST(UnixAddr, TheSameBytesInAnotherKindAreAnotherAddress) {
  const UnixAddr path = UnixAddr::from_path("x").value();
  const UnixAddr name = UnixAddr::from_abstract("x").value();
  EXPECT_NE(path, name);
  const std::unordered_set<UnixAddr> seen = {path, name, path, UnixAddr()};
  EXPECT_EQ(seen.size(), 3u);
}

std::uint32_t bound_length(const UnixAddr& address, UnixAddr& reported) {
  const Handle socket = os::socket(os::Family::local, os::SocketType::stream).value();
  if (!os::bind(socket.get(), address.to_raw())) return 0;
  const os::RawAddr raw = os::local_name(socket.get()).value();
  reported = UnixAddr::from_raw(raw).value();
  return raw.length;
}

TEST(UnixAddr, TheKernelReportsWhatWasBound) {
  const test::TempDir folder;
  UnixAddr reported;
  const UnixAddr path = UnixAddr::from_path(folder / "s").value();
  EXPECT_EQ(bound_length(path, reported), path.to_raw().length);
  EXPECT_EQ(reported, path);

  const UnixAddr name = UnixAddr::from_abstract("fid\0"s + std::to_string(::getpid())).value();
  EXPECT_EQ(bound_length(name, reported), name.to_raw().length);
  EXPECT_EQ(reported, name);

  const Handle unbound = os::socket(os::Family::local, os::SocketType::stream).value();
  EXPECT_TRUE(UnixAddr::from_raw(os::local_name(unbound.get()).value()).value().is_unnamed());
}

}  // namespace
}  // namespace fid
