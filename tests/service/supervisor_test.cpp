// SPDX-License-Identifier: MIT
#include "service/supervisor.hpp"

#include <fid/base/error.hpp>
#include <fid/base/os.hpp>

#include <gtest/gtest.h>

#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <vector>

namespace fid::service {
namespace {

using namespace std::chrono_literals;

class SupervisorTest : public testing::Test {
 protected:
  SupervisorTest() {
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) ::unsetenv(name);
  }

  void listen_on(const UnixAddr& address) {
    auto socket = os::socket(os::Family::local, os::SocketType::datagram);
    ASSERT_TRUE(socket);
    socket_ = std::move(*socket);
    const auto bound = os::bind(socket_.get(), address.to_raw());
    ASSERT_TRUE(bound) << describe(bound.error());
  }

  std::string heard() {
    std::vector<std::byte> buffer(4096);
    const auto count = os::recv(socket_.get(), buffer);
    return count ? std::string(as_text(Bytes(buffer).first(*count))) : "nothing";
  }

  std::string name_ = "fid-supervisor-" + std::to_string(os::process_id());
  Handle socket_;
};

TEST_F(SupervisorTest, IsNobodyUnlessTheEnvironmentNamesOne) {
  const auto supervisor = Supervisor::from_environment();
  ASSERT_TRUE(supervisor);
  EXPECT_FALSE(supervisor->is_present());
  EXPECT_TRUE(supervisor->ready("at work"));
  EXPECT_EQ(supervisor->watchdog_interval(), std::nullopt);
}

TEST_F(SupervisorTest, HearsEachStateOnAnAbstractSocket) {
  listen_on(*UnixAddr::from_abstract(name_));
  ::setenv("NOTIFY_SOCKET", ("@" + name_).c_str(), 1);
  const auto supervisor = Supervisor::from_environment();
  ASSERT_TRUE(supervisor);
  EXPECT_TRUE(supervisor->is_present());
  EXPECT_TRUE(supervisor->ready("tcp://a:1\nREADY=0"));
  EXPECT_EQ(heard(),
            "READY=1\nMAINPID=" + std::to_string(os::process_id()) + "\nSTATUS=tcp://a:1 READY=0");
  EXPECT_TRUE(supervisor->status("3 connections"));
  EXPECT_EQ(heard(), "STATUS=3 connections");
  EXPECT_TRUE(supervisor->alive());
  EXPECT_EQ(heard(), "WATCHDOG=1");
  EXPECT_TRUE(supervisor->stopping());
  EXPECT_EQ(heard(), "STOPPING=1");
}

TEST_F(SupervisorTest, HearsOnAPath) {
  const auto path = std::filesystem::temp_directory_path() / name_;
  std::filesystem::remove(path);
  listen_on(*UnixAddr::from_path(path.string()));
  ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
  EXPECT_TRUE(Supervisor::from_environment()->stopping());
  EXPECT_EQ(heard(), "STOPPING=1");
  std::filesystem::remove(path);
}

TEST_F(SupervisorTest, ChildrenAreNotToldOfIt) {
  ::setenv("NOTIFY_SOCKET", "/run/x", 1);
  ::setenv("WATCHDOG_USEC", "1000", 1);
  ::setenv("WATCHDOG_PID", "1", 1);
  EXPECT_TRUE(Supervisor::from_environment());
  EXPECT_EQ(::getenv("NOTIFY_SOCKET"), nullptr);
  EXPECT_EQ(::getenv("WATCHDOG_USEC"), nullptr);
  EXPECT_EQ(::getenv("WATCHDOG_PID"), nullptr);
}

TEST_F(SupervisorTest, WatchesTheProcessItNamesTwiceWithinItsPatience) {
  const auto interval = [](const std::string& process) {
    ::setenv("NOTIFY_SOCKET", "/run/x", 1);
    ::setenv("WATCHDOG_USEC", "30000000", 1);
    if (!process.empty()) ::setenv("WATCHDOG_PID", process.c_str(), 1);
    return Supervisor::from_environment()->watchdog_interval();
  };
  EXPECT_EQ(interval(""), 15s);
  EXPECT_EQ(interval(std::to_string(os::process_id())), 15s);
  EXPECT_EQ(interval(std::to_string(os::process_id() + 1)), std::nullopt);
}

TEST_F(SupervisorTest, AnEnvironmentThatMakesNoSenseIsAnErrorThatNamesTheVariable) {
  ::setenv("NOTIFY_SOCKET", "vsock:2:1234", 1);
  EXPECT_EQ(Supervisor::from_environment().error().operation, "NOTIFY_SOCKET");
  ::setenv("NOTIFY_SOCKET", ("/" + std::string(200, 'x')).c_str(), 1);
  EXPECT_EQ(Supervisor::from_environment().error().operation, "NOTIFY_SOCKET");
  for (const char* text : {"soon", "0", "-1", "1s"}) {
    ::setenv("NOTIFY_SOCKET", "/run/x", 1);
    ::setenv("WATCHDOG_USEC", text, 1);
    EXPECT_EQ(Supervisor::from_environment().error().operation, "WATCHDOG_USEC") << text;
  }
}

TEST_F(SupervisorTest, OneThatIsGoneIsAnErrorForTheLog) {
  ::setenv("NOTIFY_SOCKET", ("@" + name_ + "-gone").c_str(), 1);
  EXPECT_EQ(Supervisor::from_environment()->stopping().error().code, std::errc::connection_refused);
}

}  // namespace
}  // namespace fid::service
