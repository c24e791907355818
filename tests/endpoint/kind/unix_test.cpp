// SPDX-License-Identifier: MIT
#include "endpoint/open_text.hpp"
#include "support/temp_dir.hpp"

#include <fid/base/os_path.hpp>
#include <fid/reactor/sleep.hpp>
#include <fid/task/race.hpp>
#include <fid/task/task_group.hpp>

#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <tuple>
#include <variant>

namespace fid::endpoint {
namespace {

using namespace test;
using namespace std::chrono_literals;
using fid::test::TempDir;

namespace files = std::filesystem;

unsigned mode_of(const std::string& path) {
  return static_cast<unsigned>(files::status(path).permissions());
}

/// A socket's file that nobody listens on, as a killed process leaves it.
void leave_stale_socket(const std::string& path, os::SocketType type = os::SocketType::stream) {
  const Handle socket = *os::socket(os::Family::local, type);
  const UnixAddr at = *UnixAddr::from_path(path);
  EXPECT_TRUE(os::bind(socket.get(), at.to_raw()));
}

TEST(UnixKind, PassesBytesAndEndsBothWays) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    const std::string url = "unix:" + dir / "s";
    const ListenerPtr listener = co_await listen_text(url);
    auto [near, far] = co_await all(open_text(url), accept_from(*listener));
    co_await write_text(*near->stream, "request");
    co_await near->stream->shutdown();
    EXPECT_EQ(co_await read_all_text(*far->stream), "request");
    co_await write_text(*far->stream, "answer");
    co_await far->stream->shutdown();
    EXPECT_EQ(co_await read_all_text(*near->stream), "answer");
  });
}

TEST(UnixKind, TellsItsPathItsModeAndWhoConnected) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    const std::string url = "unix:" + dir / "s";
    const ListenerPtr listener = co_await listen_text(url);
    EXPECT_EQ(listener->urls(), std::vector<std::string>{url});
    EXPECT_EQ(listener->mode(), 0600U);
    auto [near, far] = co_await all(open_text(url), accept_from(*listener));
    EXPECT_EQ(near->peer.url("unix"), url);
    EXPECT_EQ(far->local.url("unix"), url);
    EXPECT_EQ(far->peer.url("unix"), "unix:");
    EXPECT_TRUE(far->cred.has_value());
    if (far->cred) {
      EXPECT_EQ(far->cred->pid(), os::process_id());
    }
    EXPECT_FALSE(near->cred.has_value());
  });
}

TEST(UnixKind, HasItsModeBeforeAnyoneCanConnect) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    for (const unsigned mode : {0600U, 0660U, 0666U}) {
      const std::string path = dir / "s";
      const std::string octal = mode == 0600 ? "" : mode == 0660 ? ",mode=0660" : ",mode=0666";
      const ListenerPtr listener = co_await listen_text("unix:" + path + octal);
      EXPECT_EQ(mode_of(path), mode);
      EXPECT_EQ(listener->mode(), mode);
    }
  });
}

TEST(UnixKind, IsOwnedByThoseItNames) {
  if (::geteuid() != 0) GTEST_SKIP() << "nobody else can give a file away";
  const TempDir dir;
  run_test([&]() -> Task<void> {
    const std::string path = dir / "s";
    const ListenerPtr listener = co_await listen_text("unix:" + path + ",user=1234,group=5678");
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_uid, 1234U);
    EXPECT_EQ(status.st_gid, 5678U);
  });
}

TEST(UnixKind, WaitsForItsTurnToBind) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    Handle turn_of_another = co_await os::lock_directory_of(dir / "s");
    ListenerPtr listener;
    auto listening = [](std::string url, ListenerPtr& into) -> Task<void> {
      into = co_await listen_text(url);
    };
    TaskGroup group;
    group.add(listening("unix:" + dir / "s", listener));
    co_await sleep(15ms);
    EXPECT_EQ(group.size(), 1U);
    turn_of_another = Handle();
    co_await group.join();
    EXPECT_NE(listener, nullptr);
  });
}

TEST(UnixKind, AnUnknownOwnerLeavesNothingBehind) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    const std::string path = dir / "s";
    const auto listener = co_await as_result(listen_text("unix:" + path + ",user=no-such-user"));
    EXPECT_FALSE(listener);
    EXPECT_FALSE(files::exists(path));
  });
}

TEST(UnixKind, ReplacesAStaleSocket) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    const std::string path = dir / "s";
    leave_stale_socket(path);
    const ListenerPtr listener = co_await listen_text("unix:" + path);
    auto [near, far] = co_await all(open_text("unix:" + path), accept_from(*listener));
    co_await write_text(*near->stream, "x");
    EXPECT_EQ(co_await read_text(*far->stream, 1), "x");
  });
}

TEST(UnixKind, NeverTakesThePathOfALiveServer) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    const std::string url = "unix:" + dir / "s";
    const ListenerPtr first = co_await listen_text(url);
    const auto second = co_await as_result(listen_text(url));
    EXPECT_EQ(code_of(second), std::errc::address_in_use);
    auto [near, far] = co_await all(open_text(url), accept_from(*first));
    co_await write_text(*near->stream, "x");
    EXPECT_EQ(co_await read_text(*far->stream, 1), "x");
  });
}

TEST(UnixKind, NeverTakesThePathOfALiveServerOfAnotherType) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    const std::string path = dir / "s";
    Handle other = *os::socket(os::Family::local, os::SocketType::datagram);
    const UnixAddr at = *UnixAddr::from_path(path);
    co_await os::bind(other.get(), at.to_raw());
    const auto listener = co_await as_result(listen_text("unix:" + path));
    EXPECT_EQ(code_of(listener), std::errc::address_in_use);
    EXPECT_TRUE(files::exists(path));
  });
}

TEST(UnixKind, NeverTakesThePathOfAnOrdinaryFile) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    const std::string path = dir / "s";
    std::ofstream(path) << "precious";
    const auto listener = co_await as_result(listen_text("unix:" + path));
    EXPECT_EQ(code_of(listener), std::errc::address_in_use);
    EXPECT_EQ(files::file_size(path), 8U);
  });
}

TEST(UnixKind, OfTwoThatStartAtOnceExactlyOneWins) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    for (const bool stale : {false, true}) {
      const std::string url = "unix:" + dir / (stale ? "stale" : "fresh");
      if (stale) leave_stale_socket(dir / "stale");
      const auto try_to_listen = [](std::string text) -> Task<ListenerPtr> {
        auto listener = co_await as_result(listen_text(std::move(text)));
        if (!listener) {
          EXPECT_EQ(code_of(listener), std::errc::address_in_use);
        }
        co_return listener ? *std::move(listener) : nullptr;
      };
      auto [a, b] = co_await all(try_to_listen(url), try_to_listen(url));
      EXPECT_NE(a == nullptr, b == nullptr);
      const ListenerPtr& winner = a ? a : b;
      auto [near, far] = co_await all(open_text(url), accept_from(*winner));
      EXPECT_TRUE(near->stream && far->stream);
    }
  });
}

TEST(UnixKind, RemovesItsPathAtTheEnd) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    ListenerPtr listener = co_await listen_text("unix:" + dir / "s");
    EXPECT_TRUE(files::exists(dir / "s"));
    listener.reset();
    EXPECT_FALSE(files::exists(dir / "s"));
  });
}

TEST(UnixKind, LeavesAPathThatIsNoLongerItsOwn) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    ListenerPtr first = co_await listen_text("unix:" + dir / "s");
    files::rename(dir / "s", dir / "moved");
    const ListenerPtr second = co_await listen_text("unix:" + dir / "s");
    first.reset();
    EXPECT_TRUE(files::exists(dir / "s"));
    auto [near, far] = co_await all(open_text("unix:" + dir / "s"), accept_from(*second));
    EXPECT_TRUE(near->stream && far->stream);
  });
}

TEST(UnixKind, WithoutUnlinkNothingIsReplacedOrRemoved) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    const std::string text = "unix:" + dir / "s" + ",unlink=no";
    ListenerPtr listener = co_await listen_text(text);
    listener.reset();
    EXPECT_TRUE(files::exists(dir / "s"));
    const auto again = co_await as_result(listen_text(text));
    EXPECT_EQ(code_of(again), std::errc::address_in_use);
  });
}

TEST(UnixKind, NobodyThereSaysWhetherThereIsAFile) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    const auto missing = co_await as_result(open_text("unix:" + dir / "none"));
    EXPECT_EQ(code_of(missing), std::errc::no_such_file_or_directory);
    leave_stale_socket(dir / "s");
    const auto refused = co_await as_result(open_text("unix:" + dir / "s"));
    EXPECT_EQ(code_of(refused), std::errc::connection_refused);
  });
}

TEST(UnixKind, WaitsForAPlaceInAFullQueue) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    const std::string url = "unix:" + dir / "s";
    const ListenerPtr listener = co_await listen_text(url + ",backlog=1");
    std::vector<ConnectionPtr> waiting;
    for (;;) {
      auto one = co_await as_result(open_text(url + ",connect-timeout=10ms"));
      if (!one) {
        EXPECT_EQ(code_of(one), Errc::deadline_passed);
        break;
      }
      waiting.push_back(*std::move(one));
    }
    const auto accept_late = [](Listener& from) -> Task<void> {
      co_await sleep(5ms);
      static_cast<void>(co_await accept_from(from));
    };
    auto late = accept_late(*listener);
    auto [patient, done] = co_await all(open_text(url), std::move(late));
    EXPECT_TRUE(patient->stream);
  });
}

TEST(AbstractKind, PassesBytesUnderANameWithoutAFile) {
  run_test([]() -> Task<void> {
    const std::string url = "abstract:fid-test-" + std::to_string(os::process_id());
    const ListenerPtr listener = co_await listen_text(url);
    EXPECT_EQ(listener->urls(), std::vector<std::string>{url});
    EXPECT_EQ(listener->mode(), std::nullopt);
    auto [near, far] = co_await all(open_text(url), accept_from(*listener));
    EXPECT_EQ(near->peer.url("abstract"), url);
    EXPECT_TRUE(far->cred.has_value());
    co_await write_text(*near->stream, "x");
    EXPECT_EQ(co_await read_text(*far->stream, 1), "x");
    const auto second = co_await as_result(listen_text(url));
    EXPECT_EQ(code_of(second), std::errc::address_in_use);
  });
}

TEST(AbstractKind, ANameNobodyListensOnIsRefused) {
  run_test([]() -> Task<void> {
    const auto opened = co_await as_result(open_text("abstract:fid-test-nobody"));
    EXPECT_EQ(code_of(opened), std::errc::connection_refused);
  });
}

TEST(UnixKind, AnyThreadMayAdoptWhatItAccepts) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    const std::string url = "unix:" + dir / "s";
    const ListenerPtr listener = co_await listen_text(url);
    EXPECT_TRUE(listener->for_any_thread());
    auto [near, far] = co_await all(open_text(url), listener->accept());
    EXPECT_EQ(far->stream, nullptr);
    EXPECT_EQ(far->local.url("unix"), url);
    EXPECT_TRUE(far->cred);
    co_await write_text(*near->stream, "early");
    co_await near->stream->shutdown();
    co_await far->adopt();
    EXPECT_EQ(co_await read_all_text(*far->stream), "early");
  });
}

TEST(UnixKind, KeepsConnectionsOfMessagesOnTheirThread) {
  const TempDir dir;
  run_test([&]() -> Task<void> {
    const ListenerPtr listener = co_await listen_text("unix-seq:" + dir / "s");
    EXPECT_FALSE(listener->for_any_thread());
  });
}

}  // namespace
}  // namespace fid::endpoint
