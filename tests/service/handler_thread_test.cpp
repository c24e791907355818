// SPDX-License-Identifier: MIT
#include "service/handler_thread.hpp"

#include "endpoint/open_text.hpp"

#include <fid/base/os.hpp>
#include <fid/task/race.hpp>

#include <gtest/gtest.h>
#include <spdlog/logger.h>

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <set>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

namespace fid::service {
namespace {

using endpoint::ConnectionPtr;
using endpoint::ListenerPtr;
using endpoint::test::accept_from;
using endpoint::test::address;
using endpoint::test::run_test;

/// The descriptors of this process that are selectors.
std::set<int> selectors() {
  std::set<int> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    const auto what = std::filesystem::read_symlink(entry.path(), gone);
    if (what == "anon_inode:[eventpoll]") found.insert(std::stoi(entry.path().filename()));
  }
  return found;
}

/// A service with one thread beside this one, between two listeners of the test's own.
class Rig {
 public:
  explicit Rig(ListenerPtr front_end, ListenerPtr back_end)
      : front(std::move(front_end)),
        back(std::move(back_end)),
        listen_(address("tcp-listen://127.0.0.1:0", endpoint::Place::listens)),
        target_(address(back->urls().at(0), endpoint::Place::connects)) {}

  Result<void> start() {
    auto started = HandlerThread::start(handling_, around_, admission, [this](const Error& error) {
      failure = error;
      failed.set();
    });
    if (!started) return fail(started.error());
    thread = *std::move(started);
    return {};
  }

  /// A client, and its connection handed to the thread.
  Task<ConnectionPtr> admit(ConnectionId id) {
    const endpoint::Address to = address(front->urls().at(0), endpoint::Place::connects);
    auto ends = co_await all(endpoint::open(to, context_), front->accept());
    auto accepted = std::move(std::get<1>(ends));
    thread->handle(id, std::move(accepted), Admission::Place(admission));
    co_return std::move(std::get<0>(ends));
  }

  ListenerPtr front;
  ListenerPtr back;
  Admission admission{std::nullopt};
  std::thread::id opened_by;
  std::unique_ptr<HandlerThread> thread;
  std::optional<Error> failure;
  Event failed;

 private:
  endpoint::OpenContext context_;
  endpoint::Address listen_;
  endpoint::Address target_;
  Events events_;
  spdlog::logger log_{"test"};
  LiveRelays live_;
  TransferSettings transfer_;
  const Surroundings around_{events_, log_, live_, transfer_};
  const Handling handling_{listen_, target_, [this] {
                             opened_by = std::this_thread::get_id();
                             return endpoint::open(target_, context_);
                           }};
};

Task<std::unique_ptr<Rig>> started_rig() {
  const endpoint::OpenContext context;
  const auto any = address("tcp-listen://127.0.0.1:0", endpoint::Place::listens);
  ListenerPtr front = co_await endpoint::listen(any, context);
  ListenerPtr back = co_await endpoint::listen(any, context);
  EXPECT_TRUE(front->for_any_thread());
  auto rig = std::make_unique<Rig>(std::move(front), std::move(back));
  co_await rig->start();
  co_return rig;
}

TEST(HandlerThread, ServesOnAThreadOfItsOwn) {
  run_test([]() -> Task<void> {
    const auto rig = co_await started_rig();
    const ConnectionPtr client = co_await rig->admit(1);
    co_await test::write_text(*client->stream, "question");
    co_await client->stream->shutdown();
    const ConnectionPtr server = co_await accept_from(*rig->back);
    EXPECT_NE(rig->opened_by, std::this_thread::get_id());
    EXPECT_EQ(rig->thread->open(), 1U);
    EXPECT_EQ(co_await test::read_all_text(*server->stream), "question");
    co_await test::write_text(*server->stream, "answer");
    co_await server->stream->shutdown();
    EXPECT_EQ(co_await test::read_all_text(*client->stream), "answer");
    co_await rig->admission.wait_until_empty();
    EXPECT_EQ(rig->thread->open(), 0U);
  });
}

TEST(HandlerThread, AbandonsWhatItServesWhenItIsDestroyed) {
  run_test([]() -> Task<void> {
    const auto rig = co_await started_rig();
    const ConnectionPtr client = co_await rig->admit(1);
    const ConnectionPtr server = co_await accept_from(*rig->back);
    rig->thread.reset();
    EXPECT_EQ(co_await test::read_all_text(*client->stream), "");
    EXPECT_EQ(co_await test::read_all_text(*server->stream), "");
  });
}

TEST(HandlerThread, ThatFailsSaysSoAndGivesEveryPlaceBack) {
  run_test([]() -> Task<void> {
    const std::set<int> before = selectors();
    const auto rig = co_await started_rig();
    std::set<int> its = selectors();
    for (const int known : before) its.erase(known);
    EXPECT_EQ(its.size(), 1U);
    if (its.size() != 1) co_return;
    const ConnectionPtr client = co_await rig->admit(1);
    const ConnectionPtr server = co_await accept_from(*rig->back);
    // What it is to wait with is no selector any more. A plain call, since the thread uses it.
    const os::OpenOptions reading{.read = true};
    const Handle other = co_await os::open("/dev/null", reading);
    ::syscall(SYS_dup3, other.get(), *its.begin(), O_CLOEXEC);
    const ConnectionPtr on_its_way = co_await rig->admit(2);
    co_await rig->failed.wait();
    EXPECT_EQ(rig->failure->operation, "epoll_wait");
    EXPECT_EQ(rig->admission.served(), 0U);
    EXPECT_EQ(co_await test::read_all_text(*client->stream), "");
    EXPECT_EQ(co_await test::read_all_text(*server->stream), "");
  });
}

}  // namespace
}  // namespace fid::service
