// SPDX-License-Identifier: MIT
#include "endpoint/address.hpp"

#include "endpoint/kind/kinds.hpp"
#include "endpoint/native_syntax.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string_view>

namespace fid::endpoint {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

Address parse(std::string_view text) {
  Parsed<Address> address = parse_native(text);
  if (address) return *std::move(address);
  ADD_FAILURE() << text << ": " << address.error().text();
  return Address(kind::stdio, Role::connect);
}

TEST(Address, GettersGiveTheDefaultWhenNothingWasWritten) {
  const Address address = parse("tcp://h:80");
  EXPECT_EQ(address.written("keepalive"), nullptr);
  EXPECT_EQ(address.flag("keepalive"), true);
  EXPECT_EQ(address.duration("connect-timeout"), 30s);
  EXPECT_EQ(address.integer("retry"), 0);
  EXPECT_EQ(address.text("eof"), "half");
  EXPECT_EQ(parse("unix-listen:/x").mode("mode"), 0600u);
}

TEST(Address, GettersAreEmptyWithoutADefault) {
  const Address address = parse("tcp://h:80");
  EXPECT_EQ(address.size("sndbuf"), std::nullopt);
  EXPECT_EQ(address.duration("linger"), std::nullopt);
  EXPECT_EQ(address.text("bind"), std::nullopt);
  EXPECT_THAT(parse("exec:ls").list("env"), IsEmpty());
}

TEST(Address, AnotherKindsOptionHasNoValue) {
  EXPECT_EQ(parse("tcp://h:80").flag("append"), std::nullopt);
  EXPECT_EQ(parse("abstract:x").mode("mode"), std::nullopt);
}

TEST(Address, AnotherRolesOptionHasNoValue) {
  EXPECT_EQ(parse("tcp-listen://:80").integer("retry"), std::nullopt);
  EXPECT_EQ(parse("tcp-listen://:80").integer("backlog"), 1024);
}

TEST(Address, DatagramsLingerBecauseTheyHaveNoEnd) {
  EXPECT_EQ(parse("unix-dgram:/x").duration("linger"), 1s);
}

TEST(Address, TheUrlIsWhatAClientWouldBeTold) {
  EXPECT_EQ(parse("TCP-listen:127.0.0.1:4321,backlog=5").url(), "tcp://127.0.0.1:4321");
  EXPECT_EQ(parse("tcp6-listen://[::1]:4321").url(), "tcp6://[::1]:4321");
  EXPECT_EQ(parse("unix-listen:///run/x.sock?mode=0660").url(), "unix:/run/x.sock");
  EXPECT_EQ(parse("./x").url(), "file:./x");
  EXPECT_EQ(parse("3").url(), "fd:3");
  EXPECT_EQ(parse("stdio").url(), "-");
  EXPECT_EQ(parse("exec:sh  -c 'a b'").url(), "exec:sh -c 'a b'");
}

TEST(Address, TheUrlStaysOnItsLine) {
  EXPECT_EQ(parse("unix:/a\nb").url(), "unix:///a%0Ab");
}

TEST(Address, CanonicalNamesTheRoleAndTheOptions) {
  EXPECT_EQ(
      parse("TCP-LISTEN://:http?BACKLOG=16&so-sndbuf=65536,nodelay=off").canonical(Secrets::shown),
      "tcp-listen://:http,backlog=16,sndbuf=64KiB,nodelay=no");
}

TEST(Address, SecretsAreMaskedWhereverItIsShown) {
  const Address address = parse("exec:ls,env=TOKEN=abc,env=LANG=C,dir=/");
  EXPECT_EQ(address.canonical(Secrets::masked), "exec:ls,env=TOKEN=***,env=LANG=***,dir=/");
  EXPECT_EQ(address.canonical(Secrets::shown), "exec:ls,env=TOKEN=abc,env=LANG=C,dir=/");
  EXPECT_EQ(address.display(), address.canonical(Secrets::masked));
  EXPECT_EQ(address.url(), "exec:ls");
}

TEST(Address, IsDisplayedAsItWasTyped) {
  EXPECT_EQ(parse("TCP:h:80,tcp-nodelay").display(), "TCP:h:80,tcp-nodelay");
  EXPECT_EQ(command_address({"echo", "a b"}).display(), "exec:echo 'a b'");
}

TEST(Address, EqualityIsAboutMeaning) {
  EXPECT_EQ(parse("TCP:h:80,nodelay,retry=1"), parse("tcp://h:80?retry=1&nodelay=yes"));
  EXPECT_FALSE(parse("tcp://h:80") == parse("tcp://h:81"));
  EXPECT_FALSE(parse("tcp://h:80") == parse("tcp4://h:80"));
  EXPECT_FALSE(parse("tcp://h:80") == parse("tcp-listen://h:80"));
  EXPECT_FALSE(parse("tcp://h:80,retry=1") == parse("tcp://h:80,retry=2"));
  EXPECT_FALSE(parse("tcp://h:80,retry=1") == parse("tcp://h:80,nodelay"));
}

TEST(Address, ACommandAfterTheDashesNeedsNoQuoting) {
  const Address address = command_address({"sh", "-c", "echo a,b; it's"});
  EXPECT_EQ(address.kind, &kind::exec);
  EXPECT_THAT(address.words, ElementsAre("sh", "-c", "echo a,b; it's"));
  EXPECT_EQ(parse(address.canonical(Secrets::shown)), address);
}

}  // namespace
}  // namespace fid::endpoint
