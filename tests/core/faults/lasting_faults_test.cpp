// SPDX-License-Identifier: MIT
// What is done when a call fails every time, or several do at once.
#include "support/code_of.hpp"
#include "support/faults/injector.hpp"
#include "support/no_new_threads.hpp"
#include "support/run_test.hpp"
#include "support/tcp_stream_pair.hpp"

#include <fid/net/connect_any.hpp>
#include <fid/sys/process.hpp>

#include <gtest/gtest.h>

#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <span>

namespace fid {
namespace {

using test::Call;
using test::Injector;
using test::Missing;
using test::run_test;

constexpr Missing no_descriptors{{"socket", ""}, EMFILE};

TEST(LastingFaults, TheLastAddressTellsWhyNoneCouldBeConnectedTo) {
  run_test([]() -> Task<void> {
    const TcpListener listener = co_await TcpListener::bind(test::loopback());
    const SocketAddr where = co_await listener.local_addr();
    const std::array<SocketAddr, 3> addresses{where, where, where};
    Injector injector;
    injector.take_away(no_descriptors);
    const Injector::Window window(injector);
    const AddressList list(std::span<const SocketAddr>{addresses});
    const auto in_turn = co_await as_result(TcpStream::connect(list));
    EXPECT_EQ(test::code_of(in_turn), std::errc::too_many_files_open);
    const auto at_once = co_await as_result(connect_any(list));
    EXPECT_EQ(test::code_of(at_once), std::errc::too_many_files_open);
  });
}

TEST(LastingFaults, AListenerReportsEachTimeThatDescriptorsHaveRunOutAndGoesOnAfter) {
  run_test([]() -> Task<void> {
    const TcpListener listener = co_await TcpListener::bind(test::loopback());
    const SocketAddr where = co_await listener.local_addr();
    const Handle client = co_await os::socket(os::Family::inet4, os::SocketType::stream);
    co_await os::connect(client.get(), where.to_raw());
    Injector injector;
    injector.take_away({{"accept4", ""}, EMFILE});
    for (int time = 0; time < 3; ++time) {
      const Injector::Window window(injector);
      const auto accepted = co_await as_result(listener.accept());
      EXPECT_EQ(test::code_of(accepted), std::errc::too_many_files_open);
    }
    EXPECT_EQ(std::ranges::count(injector.calls(), Call{"accept4", ""}), 3);
    co_await listener.accept();
  });
}

TEST(LastingFaults, AChildWhoseEndNobodyWouldBeToldOfIsNotLeftRunning) {
  run_test([]() -> Task<void> {
    Injector injector;
    injector.take_away({{"syscall", "pidfd_open"}, ENOSYS});
    {
      const Injector::Window window(injector);
      const test::NoNewThreads none;
      const auto started = Process::start(ProcessOptions({"sleep", "100"}));
      EXPECT_EQ(test::code_of(started), std::errc::resource_unavailable_try_again);
    }
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a child was left";
    co_return;
  });
}

}  // namespace
}  // namespace fid
