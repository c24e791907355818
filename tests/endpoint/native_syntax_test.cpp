// SPDX-License-Identifier: MIT
#include "endpoint/native_syntax.hpp"

#include "endpoint/kind/kinds.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace fid::endpoint {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// The address that `text` is; a failed test and a stand-in if it is none.
Address parse(std::string_view text, Place place = Place::anywhere) {
  Parsed<Address> address = parse_native(text, place);
  if (address) return *std::move(address);
  ADD_FAILURE() << text << ": " << address.error().text();
  return Address(kind::stdio, Role::connect);
}

/// The error that `text` is; a failed test and an empty one if it is an address.
SyntaxError failure(std::string_view text, Place place = Place::anywhere) {
  const Parsed<Address> address = parse_native(text, place);
  if (!address) return address.error();
  ADD_FAILURE() << text << " was taken for " << address->canonical(Secrets::shown);
  return {};
}

struct HostCase {
  std::string_view text;
  const Kind* kind;
  Role role;
  std::string_view host;
  std::string_view port;
};

void PrintTo(const HostCase& c, std::ostream* out) {
  *out << c.text;
}

class NetworkAddress : public testing::TestWithParam<HostCase> {};

TEST_P(NetworkAddress, IsTakenApart) {
  const HostCase& expected = GetParam();
  const Address address = parse(expected.text);
  EXPECT_EQ(address.kind, expected.kind);
  EXPECT_EQ(address.role, expected.role);
  EXPECT_EQ(address.host, expected.host);
  EXPECT_EQ(address.port, expected.port);
  EXPECT_EQ(address.spelling, expected.text);
}

INSTANTIATE_TEST_SUITE_P(
    Native, NetworkAddress,
    testing::Values(
        HostCase{"tcp://h:80", &kind::tcp, Role::by_place, "h", "80"},
        HostCase{"tcp://example.org:http", &kind::tcp, Role::by_place, "example.org", "http"},
        HostCase{"TCP://Example.org:HTTP", &kind::tcp, Role::by_place, "Example.org", "http"},
        HostCase{"tcp4://127.0.0.1:0080", &kind::tcp4, Role::by_place, "127.0.0.1", "80"},
        HostCase{"tcp6://[::1]:80", &kind::tcp6, Role::by_place, "::1", "80"},
        HostCase{"tcp://[fe80::1%eth0]:80", &kind::tcp, Role::by_place, "fe80::1%eth0", "80"},
        HostCase{"tcp://[fe80::1%25eth0]:80", &kind::tcp, Role::by_place, "fe80::1%eth0", "80"},
        HostCase{"tcp://[::ffff:192.0.2.1]:80", &kind::tcp, Role::by_place, "::ffff:192.0.2.1",
                 "80"},
        HostCase{"tcp://h:80/", &kind::tcp, Role::by_place, "h", "80"},
        HostCase{"tcp://b\xC3\xBC"
                 "cher.example:80",
                 &kind::tcp, Role::by_place,
                 "b\xC3\xBC"
                 "cher.example",
                 "80"},
        HostCase{"tcp-listen://:8080", &kind::tcp, Role::listen, "", "8080"},
        HostCase{"tcp-listen://*:8080", &kind::tcp, Role::listen, "*", "8080"},
        HostCase{"tcp4-listen://127.0.0.1:0", &kind::tcp4, Role::listen, "127.0.0.1", "0"},
        HostCase{"tcp://:80", &kind::tcp, Role::by_place, "", "80"}));

INSTANTIATE_TEST_SUITE_P(
    Short, NetworkAddress,
    testing::Values(HostCase{"tcp:h:80", &kind::tcp, Role::by_place, "h", "80"},
                    HostCase{"TCP:h:80", &kind::tcp, Role::by_place, "h", "80"},
                    HostCase{"tcp:[::1]:80", &kind::tcp, Role::by_place, "::1", "80"},
                    HostCase{"tcp-listen:*:80", &kind::tcp, Role::listen, "*", "80"}));

struct PathCase {
  std::string_view text;
  const Kind* kind;
  std::string_view path;
};

void PrintTo(const PathCase& c, std::ostream* out) {
  *out << c.text;
}

class PathAddress : public testing::TestWithParam<PathCase> {};

TEST_P(PathAddress, KeepsThePath) {
  const PathCase& expected = GetParam();
  const Address address = parse(expected.text);
  EXPECT_EQ(address.kind, expected.kind);
  EXPECT_EQ(address.path, expected.path);
  EXPECT_THAT(address.options(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(OneParameter, PathAddress,
                         testing::Values(PathCase{"unix:/x", &kind::unix_stream, "/x"},
                                         PathCase{"UNIX:/x", &kind::unix_stream, "/x"},
                                         PathCase{"unix:x", &kind::unix_stream, "x"},
                                         PathCase{"unix:///x", &kind::unix_stream, "/x"},
                                         PathCase{"unix-listen:/x", &kind::unix_stream, "/x"},
                                         PathCase{"unix-dgram:/x", &kind::unix_datagram, "/x"},
                                         PathCase{"unix-seq:/x", &kind::unix_seqpacket, "/x"},
                                         PathCase{"unix:@name", &kind::unix_stream, "@name"},
                                         PathCase{"unix:/a:b:c", &kind::unix_stream, "/a:b:c"},
                                         PathCase{"unix:/a?b=c", &kind::unix_stream, "/a?b=c"},
                                         PathCase{"unix:/a%2Cb", &kind::unix_stream, "/a%2Cb"},
                                         PathCase{"fifo:/x", &kind::fifo, "/x"},
                                         PathCase{"file:x y", &kind::file, "x y"},
                                         PathCase{"file:///x", &kind::file, "/x"}));

INSTANTIATE_TEST_SUITE_P(Bare, PathAddress,
                         testing::Values(PathCase{"dir/name", &kind::file, "dir/name"},
                                         PathCase{"./name", &kind::file, "./name"},
                                         PathCase{"/etc/hosts", &kind::file, "/etc/hosts"},
                                         PathCase{"./3", &kind::file, "./3"},
                                         PathCase{"./a:b", &kind::file, "./a:b"}));

INSTANTIATE_TEST_SUITE_P(Commas, PathAddress,
                         testing::Values(PathCase{"unix:/a\\,b", &kind::unix_stream, "/a,b"},
                                         PathCase{"unix:'/a,b'", &kind::unix_stream, "/a,b"},
                                         PathCase{"unix:\"/a,b\"", &kind::unix_stream, "/a,b"},
                                         PathCase{"unix:/a','b", &kind::unix_stream, "/a,b"},
                                         PathCase{"unix:///a%2Cb", &kind::unix_stream, "/a,b"},
                                         PathCase{"unix:///a%2cb%25", &kind::unix_stream, "/a,b%"},
                                         PathCase{"./a\\,b", &kind::file, "./a,b"}));

INSTANTIATE_TEST_SUITE_P(Backslashes, PathAddress,
                         testing::Values(PathCase{"file:a\\b", &kind::file, "a\\b"},
                                         PathCase{"file:a\\\\b", &kind::file, "a\\b"},
                                         PathCase{"file:o\\'brien", &kind::file, "o'brien"},
                                         PathCase{"file:'a\\b'", &kind::file, "a\\b"},
                                         PathCase{"file:\"a\\\"b\"", &kind::file, "a\"b"}));

TEST(NativeSyntax, ADashIsStdio) {
  for (const std::string_view text : {"-", "stdio", "STDIO", "stdio:"}) {
    EXPECT_EQ(parse(text).kind, &kind::stdio) << text;
  }
  EXPECT_EQ(parse("-,eof=close").text("eof"), "close");
}

TEST(NativeSyntax, ANumberIsADescriptor) {
  EXPECT_EQ(parse("3").kind, &kind::fd);
  EXPECT_EQ(parse("12").fd, 12);
  EXPECT_EQ(parse("fd:0").fd, 0);
  EXPECT_EQ(parse("3,eof=ignore").text("eof"), "ignore");
}

TEST(NativeSyntax, AnInheritedListenerHasANumberOrAName) {
  EXPECT_EQ(parse("listen-fd:3").fd, 3);
  EXPECT_EQ(parse("listen-fd:3").role, Role::listen);
  const Address named = parse("listen-fd:http");
  EXPECT_EQ(named.fd, std::nullopt);
  EXPECT_EQ(named.name, "http");
}

TEST(NativeSyntax, AnAbstractNameIsAnyText) {
  EXPECT_EQ(parse("abstract:app").name, "app");
  EXPECT_EQ(parse("abstract:/a:b?c").name, "/a:b?c");
  EXPECT_EQ(parse("abstract-listen:app").role, Role::listen);
}

TEST(NativeSyntax, ACommandIsSplitAtBlanks) {
  EXPECT_THAT(parse("exec:ls").words, ElementsAre("ls"));
  EXPECT_THAT(parse("EXEC:cmd a  b ").words, ElementsAre("cmd", "a", "b"));
  EXPECT_THAT(parse("exec:grep -v 'a b'").words, ElementsAre("grep", "-v", "a b"));
  EXPECT_THAT(parse("exec:echo \"it's\" ''").words, ElementsAre("echo", "it's", ""));
  EXPECT_THAT(parse("exec:echo a\\ b c\\,d").words, ElementsAre("echo", "a b", "c,d"));
  EXPECT_THAT(parse("exec:awk -F: '{print $1, $2}'").words,
              ElementsAre("awk", "-F:", "{print $1, $2}"));
}

TEST(NativeSyntax, ACommaEndsTheCommand) {
  const Address address = parse("exec:cat -n,dir=/srv,env=A=1,env='B=2,3'");
  EXPECT_THAT(address.words, ElementsAre("cat", "-n"));
  EXPECT_EQ(address.text("dir"), "/srv");
  EXPECT_THAT(address.list("env"), ElementsAre("A=1", "B=2,3"));
}

TEST(NativeSyntax, OptionsFollowCommas) {
  const Address address = parse("tcp://h:80,nodelay=no,sndbuf=64KiB,connect-timeout=500ms,retry=3");
  EXPECT_EQ(address.flag("nodelay"), false);
  EXPECT_EQ(address.size("sndbuf"), 65536u);
  EXPECT_EQ(address.duration("connect-timeout"), 500ms);
  EXPECT_EQ(address.integer("retry"), 3);
}

TEST(NativeSyntax, OnlyUrlFormsHaveAQuery) {
  const Address address = parse("tcp://h:80?keepalive=no&sndbuf=1M,retry=1");
  EXPECT_EQ(address.flag("keepalive"), false);
  EXPECT_EQ(address.size("sndbuf"), 1'000'000u);
  EXPECT_EQ(address.integer("retry"), 1);
  EXPECT_EQ(parse("unix:///x?mode=0660").mode("mode"), 0660u);
  EXPECT_EQ(parse("unix-dgram:///x?bind=/a%2Cb%26c").text("bind"), "/a,b&c");
  EXPECT_EQ(parse("unix:/x?mode=0660").path, "/x?mode=0660");
}

TEST(NativeSyntax, OptionsMeanTheSameInAnyCaseAndUnderTheirAliases) {
  EXPECT_EQ(parse("TCP://h:80,NoDelay=NO").flag("nodelay"), false);
  EXPECT_EQ(parse("tcp://h:80,tcp-nodelay=no").flag("nodelay"), false);
  EXPECT_EQ(parse("unix-listen:/x,perm=660").mode("mode"), 0660u);
  EXPECT_EQ(parse("-,EOF=Close").text("eof"), "close");
}

TEST(NativeSyntax, GivenTwiceTheLastHoldsWithANote) {
  const Address address = parse("tcp://h:80,retry=1,retry=2");
  EXPECT_EQ(address.integer("retry"), 2);
  EXPECT_EQ(address.options().size(), 1u);
  EXPECT_THAT(address.notes(), ElementsAre("retry is given twice; the last, at column 20, holds"));
  EXPECT_THAT(parse("exec:env,env=A=1,env=B=2").notes(), IsEmpty());
}

TEST(NativeSyntax, RemembersWhereThingsStood) {
  const Address address = parse(
      "tcp://b\xC3\xBC"
      "cher:80,retry=1");
  EXPECT_EQ(address.parameter_column, 7u);
  EXPECT_EQ(address.port_column, 14u);
  ASSERT_NE(address.written("retry"), nullptr);
  EXPECT_EQ(address.written("retry")->column, 17u);
}

struct ErrorCase {
  std::string_view text;
  std::size_t column;
  std::string_view message;  // a part of it
  std::vector<std::string> suggestions = {};
};

void PrintTo(const ErrorCase& c, std::ostream* out) {
  *out << c.text;
}

class NotAnAddress : public testing::TestWithParam<ErrorCase> {};

TEST_P(NotAnAddress, SaysWhereAndWhatToWrite) {
  const ErrorCase& expected = GetParam();
  const SyntaxError error = failure(expected.text);
  EXPECT_THAT(error.message, HasSubstr(std::string(expected.message)));
  EXPECT_EQ(error.column, expected.column) << error.text();
  EXPECT_EQ(error.suggestions, expected.suggestions) << error.text();
  EXPECT_EQ(error.text().find('\n'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Scheme, NotAnAddress,
    testing::Values(
        ErrorCase{"", 1, "no address"}, ErrorCase{"  ", 1, "no address"},
        ErrorCase{"tpc://h:80", 1, "unknown scheme \"tpc\"", {"tcp"}},
        ErrorCase{
            "tcp-lisen://:80", 1, "unknown scheme", {"tcp-listen", "tcp4-listen", "tcp6-listen"}},
        ErrorCase{"zebra:x", 1, "fid addresses lists them"},
        ErrorCase{"zebra", 1, "a file of that name is ./zebra"},
        ErrorCase{"stdoi", 1, "is no address", {"stdio"}},
        ErrorCase{"tcp", 4, "write tcp://HOST:PORT"},
        ErrorCase{"unix-listen", 12, "write unix-listen:PATH"},
        ErrorCase{"localhost:80", 1, "no scheme: write tcp://localhost:80"},
        ErrorCase{"[::1]:80", 1, "no scheme: write tcp://[::1]:80"},
        ErrorCase{":80", 1, "no scheme: write tcp://:80"},
        ErrorCase{"fifo-listen:/x", 1, "unknown scheme"},
        ErrorCase{"stdio:x", 7, "takes no parameter"}, ErrorCase{"C:\\x", 1, "Windows path"},
        ErrorCase{"\\\\.\\pipe\\n", 1, "Windows pipe"},
        ErrorCase{"//./pipe/n", 1, "Windows pipe"}));

INSTANTIATE_TEST_SUITE_P(
    HostAndPort, NotAnAddress,
    testing::Values(ErrorCase{"tcp:host", 9, "no port: write tcp://host:PORT"},
                    ErrorCase{"tcp://host", 11, "no port: write tcp://host:PORT"},
                    ErrorCase{"tcp://host,nodelay", 11, "no port"},
                    ErrorCase{"tcp://host:", 12, "no port after the colon"},
                    ErrorCase{"tcp://", 7, "no host and port"}, ErrorCase{"tcp:", 5, "no host"},
                    ErrorCase{"tcp:8080", 9, "write tcp://HOST:8080"},
                    ErrorCase{"tcp://::1:80", 7, "write [::1]:80"},
                    ErrorCase{"tcp:::1:80", 5, "write [::1]:80"},
                    ErrorCase{"tcp://fe80::1", 7, "write [fe80::1]:PORT"},
                    ErrorCase{"tcp://1:2:3:4:5:6:7:8", 7, "write [1:2:3:4:5:6:7:8]:PORT"},
                    ErrorCase{"tcp://a:b:c", 10, "too many colons"},
                    ErrorCase{"tcp://[::1:80", 7, "not closed"},
                    ErrorCase{"tcp://[::1]80", 12, "expected :"},
                    ErrorCase{"tcp://[::1]", 12, "no port"},
                    ErrorCase{"tcp://[1.2.3.4]:80", 8, "not an IPv6 address"},
                    ErrorCase{"tcp://[fe80::1%]:80", 15, "no zone"},
                    ErrorCase{"tcp://1.2.3:80", 7, "not an IPv4 address"},
                    ErrorCase{"tcp://1.2.3.256:80", 7, "not an IPv4 address"},
                    ErrorCase{"tcp4://[::1]:80", 8, "write tcp6://[::1]:80"},
                    ErrorCase{"tcp6://127.0.0.1:80", 8, "write tcp4://127.0.0.1:80"},
                    ErrorCase{"udp4://[::1]:80", 8, "write udp6://[::1]:80"},
                    ErrorCase{"tcp://h:65536", 9, "highest is 65535"},
                    ErrorCase{"tcp://h:-1", 9, "neither a port nor a service"},
                    ErrorCase{"tcp://h x:80", 8, "cannot be part of a host name"},
                    ErrorCase{"tcp://user@h:80", 11, "takes no user name"},
                    ErrorCase{"tcp://h:80/path", 11, "takes no path"}));

INSTANTIATE_TEST_SUITE_P(
    Paths, NotAnAddress,
    testing::Values(ErrorCase{"unix://x", 6, "write unix:/x or unix:x"},
                    ErrorCase{"unix-listen://x", 13, "write unix-listen:/x or unix-listen:x"},
                    ErrorCase{"unix://", 8, "no path"},
                    ErrorCase{"unix:", 6, "no path: write unix:PATH"},
                    ErrorCase{"unix:,mode=1", 6, "no path"}, ErrorCase{"abstract:", 10, "no name"},
                    ErrorCase{"abstract://x", 10, "write abstract:x"},
                    ErrorCase{"unix:'/x", 6, "not closed"},
                    ErrorCase{"unix:///a%zz", 10, "two hexadecimal digits"},
                    ErrorCase{"unix:///a%00", 10, "two hexadecimal digits"},
                    ErrorCase{"fd:x", 4, "no descriptor"}, ErrorCase{"fd:", 4, "no descriptor"},
                    ErrorCase{"fd://3", 4, "write fd:3"}, ErrorCase{"99999999999", 1, "too large"},
                    ErrorCase{"exec:", 6, "no command"}, ErrorCase{"exec://ls", 6, "write exec:ls"},
                    ErrorCase{"exec: ,dir=/", 6, "no command"}));

INSTANTIATE_TEST_SUITE_P(
    Options, NotAnAddress,
    testing::Values(
        ErrorCase{"tcp://h:80,nodealy", 12, "unknown option \"nodealy\" for tcp", {"nodelay"}},
        ErrorCase{"tcp://h:80,connect_timeout=1", 12, "unknown option", {"connect-timeout"}},
        ErrorCase{"tcp://h:80?nodealy", 12, "unknown option", {"nodelay"}},
        ErrorCase{"tcp://h:80,zebra", 12, "fid addresses lists them"},
        ErrorCase{"tcp://h:80,append", 12, "\"append\" is no option of tcp, but of file"},
        ErrorCase{"-,mode=1", 3, "unix, unix-seq, unix-dgram, fifo and file"},
        ErrorCase{"tcp://h:80, nodelay", 12, "write \"tcp://h:80,nodelay\""},
        ErrorCase{"tcp://h:80,", 11, "nothing follows"},
        ErrorCase{"tcp://h:80,,nodelay", 12, "an option is missing"},
        ErrorCase{"tcp://h:80,=1", 12, "an option is missing"},
        ErrorCase{"tcp://h:80,sndbuf", 12, "sndbuf needs a value: sndbuf=SIZE"},
        ErrorCase{"tcp://h:80,sndbuf=", 19, "is not a size"},
        ErrorCase{"tcp://h:80,sndbuf=0", 19, "too small, the least is 1"},
        ErrorCase{"tcp://h:80,sndbuf=64kg", 19, "\"64kg\" is not a size: write a number with k"},
        ErrorCase{"tcp://h:80,interval=5x", 21, "is not a time: write a number with ms"},
        ErrorCase{"tcp://h:80,nodelay=maybe", 20, "is not yes or no"},
        ErrorCase{"unix-listen:/x,mode=99", 21, "file mode in octal"},
        ErrorCase{"-,eof=colse", 7, "is not one of half, close, ignore", {"close"}},
        ErrorCase{"exec:ls,env=A", 13, "is not NAME=VALUE"},
        ErrorCase{"exec:ls,dir=", 13, "dir is empty"},
        ErrorCase{"exec:echo a, b", 13, "or \\, if the comma belongs to the command"}));

INSTANTIATE_TEST_SUITE_P(
    Classic, NotAnAddress,
    testing::Values(
        ErrorCase{"TCP-LISTEN:8080,fork", 12,
                  "write tcp-listen://*:8080 for all addresses, tcp-listen://:8080 for loopback"},
        ErrorCase{"TCP4-L:8080", 1, "write tcp4-listen://*:8080"},
        ErrorCase{"OPEN:/x,creat", 1, "write file:/x"},
        ErrorCase{"UNIX-CONNECT:/x", 1, "write unix:/x"}, ErrorCase{"STDIN:", 1, "write -"},
        ErrorCase{"UNIX-LISTEN:/x,fork", 16, "fork is a classic option; relay serves many"},
        ErrorCase{"tcp://h:80,reuseaddr", 12, "leave it out"},
        ErrorCase{"STDIN!!STDOUT", 6, "joined by !!"}));

TEST(NativeSyntax, ExclamationMarksBelongToANameWhenQuoted) {
  EXPECT_EQ(parse("file:'a!!b'").path, "a!!b");
  EXPECT_THAT(parse("exec:echo 'hi!!'").words, ElementsAre("echo", "hi!!"));
  EXPECT_EQ(parse("file:a!b").path, "a!b");
}

class RoundTrip : public testing::TestWithParam<std::string_view> {};

TEST_P(RoundTrip, TheCanonicalSpellingMeansTheSame) {
  const Address address = parse(GetParam());
  const std::string canonical = address.canonical(Secrets::shown);
  const Address again = parse(canonical);
  EXPECT_EQ(again, address) << canonical;
  EXPECT_EQ(again.canonical(Secrets::shown), canonical);
}

INSTANTIATE_TEST_SUITE_P(
    NativeSyntax, RoundTrip,
    testing::Values("-", "3", "-,eof=close", "tcp:h:80", "tcp://[fe80::1%25eth0]:80",
                    "tcp-listen://*:0,backlog=5,reuseport", "tcp://h:http?keepalive=no&linger=90s",
                    "unix:/a\\,b", "unix:///a%2Cb%0A", "unix:////x", "file:a\\\\", "file:'a\\,b'",
                    "file:o\\'brien,mode=0640,seek=1MiB,append", "abstract:a'b,c'", "listen-fd:x",
                    "exec:sh -c 'echo \"a, b\"; cat' \"it's\" '' a\\\\\\,b,env=A='1,2',env=B=",
                    "unix-dgram:/x,bind='/a,b',retry=2,interval=250ms", "fifo:/x,keep-open=no"));

TEST(NativeSyntax, WhateverIsUnderstoodSurvivesARoundTrip) {
  const std::vector<std::string> pieces = {
      "tcp", "unix", "exec", "file", "abstract", "listen-fd", "-listen", "://",  ":",      "//",
      "/",   ",",    "=",    "?",    "&",        "\\",        "'",       "\"",   " ",      "%2C",
      "%",   "[::1", "]",    "80",   "h",        "*",         "-",       "mode", "660",    "env",
      "A=1", "eof",  "half", "bind", "!",        "\n",        "\x01",    "\xC3", "linger", "5s"};
  std::mt19937 random(7);
  int understood = 0;
  for (int round = 0; round < 30'000; ++round) {
    std::string text = pieces[random() % 6];
    text += random() % 2 == 0 ? ":" : "://";
    for (auto left = random() % 9; left > 0; --left) text += pieces[random() % pieces.size()];
    const Parsed<Address> address = parse_native(text);
    if (!address) {
      EXPECT_FALSE(address.error().message.empty()) << text;
      EXPECT_LE(address.error().column, text.size() + 1) << text;
      continue;
    }
    ++understood;
    const std::string canonical = address->canonical(Secrets::shown);
    const Parsed<Address> again = parse_native(canonical);
    ASSERT_TRUE(again) << text << " -> " << canonical << ": " << again.error().text();
    EXPECT_EQ(*again, *address) << text << " -> " << canonical;
  }
  EXPECT_GT(understood, 1000);
}

}  // namespace
}  // namespace fid::endpoint
