// SPDX-License-Identifier: MIT
#include "endpoint/inherited_listeners.hpp"

#include <fid/net/unix_addr.hpp>

#include <gmock/gmock.h>

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

namespace fid::endpoint {
namespace {

using testing::ElementsAre;

/// Where the tests put what a supervisor would put at 3.
constexpr Native first = 500;

/// A socket that listens, as long as the system's own name for it is kept.
Handle listening(os::SocketType type = os::SocketType::stream) {
  static int count = 0;
  const std::string name =
      "fid-inherited-" + std::to_string(os::process_id()) + "-" + std::to_string(++count);
  auto socket = os::socket(os::Family::local, type);
  EXPECT_TRUE(socket);
  EXPECT_TRUE(os::bind(socket->get(), UnixAddr::from_abstract(name)->to_raw()));
  if (type != os::SocketType::datagram) {
    EXPECT_TRUE(os::listen(socket->get(), 1));
  }
  return std::move(*socket);
}

/// Puts `handle` at a number of its own, open to children, as after exec.
Handle at(Native number, const Handle& handle) {
  return Handle(::dup2(handle.get(), number));
}

class InheritedListenersTest : public testing::Test {
 protected:
  InheritedListenersTest() {
    for (const char* name : {"LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"}) ::unsetenv(name);
  }

  static void set(const std::string& count, const std::string& process, const char* names) {
    ::setenv("LISTEN_FDS", count.c_str(), 1);
    ::setenv("LISTEN_PID", process.c_str(), 1);
    if (names) ::setenv("LISTEN_FDNAMES", names, 1);
  }

  const std::string ours_ = std::to_string(os::process_id());
};

TEST_F(InheritedListenersTest, AreNoneUnlessTheEnvironmentNamesThem) {
  const auto none = InheritedListeners::from_environment(first);
  ASSERT_TRUE(none);
  EXPECT_THAT(none->names(), ElementsAre());
  EXPECT_EQ(none->find("http").error().code, std::errc::no_such_file_or_directory);
}

TEST_F(InheritedListenersTest, AreFoundByTheirNameAllOfThem) {
  const Handle a = at(first, listening());
  const Handle b = at(first + 1, listening(os::SocketType::datagram));
  const Handle c = at(first + 2, listening());
  set("3", ours_, "http:dns:http");
  const auto all = InheritedListeners::from_environment(first);
  ASSERT_TRUE(all);
  EXPECT_THAT(all->names(), ElementsAre("http", "dns", "http"));
  const auto http = all->find("http");
  ASSERT_TRUE(http);
  ASSERT_EQ(http->size(), 2u);
  EXPECT_EQ(http->at(0).handle, first);
  EXPECT_EQ(http->at(1).handle, first + 2);
  EXPECT_EQ(http->at(0).type, os::SocketType::stream);
  const auto dns = all->find("dns");
  ASSERT_TRUE(dns);
  EXPECT_EQ(dns->at(0).type, os::SocketType::datagram);
}

TEST_F(InheritedListenersTest, WithoutANameAreUnknown) {
  const Handle a = at(first, listening());
  const Handle b = at(first + 1, listening());
  set("2", ours_, "http");
  EXPECT_THAT(InheritedListeners::from_environment(first)->names(), ElementsAre("http", "unknown"));
}

TEST_F(InheritedListenersTest, ChildrenGetNeitherVariablesNorDescriptors) {
  const Handle a = at(first, listening());
  ASSERT_EQ(::fcntl(first, F_GETFD), 0);
  set("1", ours_, "http");
  EXPECT_TRUE(InheritedListeners::from_environment(first));
  EXPECT_EQ(::getenv("LISTEN_FDS"), nullptr);
  EXPECT_EQ(::getenv("LISTEN_PID"), nullptr);
  EXPECT_EQ(::getenv("LISTEN_FDNAMES"), nullptr);
  EXPECT_EQ(::fcntl(first, F_GETFD), FD_CLOEXEC);
}

TEST_F(InheritedListenersTest, MeantForAnotherProcessAreNotOurs) {
  const Handle a = at(first, listening());
  set("1", std::to_string(os::process_id() + 1), nullptr);
  EXPECT_THAT(InheritedListeners::from_environment(first)->names(), ElementsAre());
  EXPECT_EQ(::fcntl(first, F_GETFD), 0);
  EXPECT_EQ(::getenv("LISTEN_FDS"), nullptr);
}

TEST_F(InheritedListenersTest, AnEnvironmentThatMakesNoSenseNamesTheVariable) {
  for (const char* count : {"many", "-1", "1000000", ""}) {
    set(count, ours_, nullptr);
    EXPECT_EQ(InheritedListeners::from_environment(first).error().operation, "LISTEN_FDS") << count;
  }
  set("1", "me", nullptr);
  EXPECT_EQ(InheritedListeners::from_environment(first).error().operation, "LISTEN_PID");
  set("1", ours_, nullptr);  // nothing is open there
  const auto missing = InheritedListeners::from_environment(first);
  EXPECT_EQ(missing.error(), (Error{{EBADF, std::system_category()}, "LISTEN_FDS"}));
}

TEST_F(InheritedListenersTest, OnlySocketsThatListenAreUsed) {
  EXPECT_EQ(InheritedListeners::check(first).error().code, std::errc::bad_file_descriptor);
  auto pipe = os::pipe();
  ASSERT_TRUE(pipe);
  EXPECT_EQ(InheritedListeners::check(pipe->first.get()).error().code, std::errc::not_a_socket);
  auto pair = os::socket_pair(os::SocketType::stream);
  ASSERT_TRUE(pair);
  EXPECT_EQ(InheritedListeners::check(pair->first.get()).error().code, std::errc::invalid_argument);
  const Handle socket = listening(os::SocketType::seqpacket);
  const auto checked = InheritedListeners::check(socket.get());
  ASSERT_TRUE(checked);
  EXPECT_EQ(checked->type, os::SocketType::seqpacket);
}

}  // namespace
}  // namespace fid::endpoint
